import type { Manifest } from '@towline/contract/manifest'
import { manifestSchema } from '@towline/contract/manifest'
import type { PoolType } from '@towline/contract/run-spec'
import { createBus } from '@towline/db/bus'
import { openDb } from '@towline/db/open-db'
import { createTestDatabase } from '@towline/db/test-database'
import type { EngineContext } from '@towline/engine/context'
import { registerDeployment } from '@towline/engine/deployments/register-deployment'
import { createKey } from '@towline/engine/keys/create-key'
import { createPool } from '@towline/engine/pools/create-pool'
import { createRuns } from '@towline/engine/runs/create-runs'
import { createWorkspace } from '@towline/engine/workspaces/create-workspace'
import { systemClock } from '@towline/service/clock'
import { createLogger } from '@towline/service/logger'
import { newId } from '@towline/service/new-id'
import type { GatewaySettings } from '../settings.ts'
import { type Gateway, startGateway } from '../start-gateway.ts'
import { layCable } from './database-cable.ts'

export const SECRET = 'a secret of tests, which is long enough'

/** A tenant with one pool, one key and one deployment, made by the engine's own verbs. */
export type Tenant = {
  workspaceId: string
  userId: string
  poolId: string
  poolName: string
  key: string
  keyId: string
  deployment: string
}

/** A database of its own with a gateway in front of it. */
export const openTestSite = async (settings: Partial<GatewaySettings> = {}) => {
  const database = await createTestDatabase()
  const cable = await layCable(database.url)
  const db = openDb({ url: cable.url, applicationName: 'test', maxConnections: 8 })
  const log = createLogger('test', { level: process.env.TOWLINE_LOG_LEVEL ?? 'silent' })
  /** What another process (web, scheduler, a second gateway) has: its own bus to the same database. */
  const openEngine = (): EngineContext => ({ db, bus: createBus(db), clock: systemClock, log })
  const engines: EngineContext[] = []
  const gateways: Gateway[] = []
  const engine = (): EngineContext => {
    const opened = openEngine()
    engines.push(opened)
    return opened
  }
  const main = engine()
  const addGateway = async (more: Partial<GatewaySettings> = {}): Promise<Gateway> => {
    const gateway = await startGateway(gateways.length === 0 ? main : engine(), {
      port: 0,
      host: '127.0.0.1',
      secret: SECRET,
      runApiUrl: null,
      drainSeconds: 2,
      ...settings,
      ...more,
    })
    gateways.push(gateway)
    return gateway
  }
  const gateway = await addGateway()

  const addTenant = async (type: PoolType = 'process', manifest: Partial<Manifest> = {}): Promise<Tenant> => {
    const userId = newId()
    await database.db.enginePool.query(`insert into "user" (id, email, name) values ($1, $2, 'Ada')`, [userId, `${userId}@example.com`])
    const { id: workspaceId } = await createWorkspace(main, { userId, name: `ws ${userId.slice(-6)}` })
    const pool = await createPool(main, { workspaceId, name: 'main', type })
    const key = await createKey(main, { workspaceId, userId, kind: 'agent', pool: 'main', name: 'key', expiresInDays: null })
    const deployment = 'job'
    await addDeployment(workspaceId, { name: deployment, ...manifest })
    return { workspaceId, userId, poolId: pool.id, poolName: pool.name, key: key.secret, keyId: key.id, deployment }
  }
  const addDeployment = async (workspaceId: string, manifest: Partial<Manifest>): Promise<void> => {
    const parsed = manifestSchema.parse({
      name: 'job',
      flow: 'job',
      pool: 'main',
      code: { kind: 'command', command: ['true'] },
      ...manifest,
    })
    await registerDeployment(main, { workspaceId, manifest: parsed, dryRun: false, actor: 'Ada' })
  }
  const addRuns = async ({ workspaceId, deployment }: Tenant, count: number, more: object = {}): Promise<string[]> => {
    const created = await createRuns(main, {
      workspaceId,
      actor: 'Ada',
      runs: Array.from({ length: count }, () => ({ deployment, ...more })),
    })
    return created.map((run) => run.id)
  }
  return {
    database,
    /** Between everything here and the database, except what `run` and `agent` below ask. */
    cable,
    engine: main,
    gateway,
    addGateway,
    /** For what happens in another process. */
    otherProcess: engine,
    addTenant,
    addDeployment,
    addRuns,
    run: async (runId: string) => {
      const { rows } = await database.db.enginePool.query(
        `select state_type, state_name, state_message, attempt, agent_id, lease_expires_at, started_at, ended_at, due_at from run where id = $1`,
        [runId],
      )
      return rows[0] as {
        state_type: string
        state_name: string
        state_message: string | null
        attempt: number
        agent_id: string | null
        lease_expires_at: Date | null
        started_at: Date | null
        ended_at: Date | null
        due_at: Date
      }
    },
    agent: async (agentId: string) => {
      const { rows } = await database.db.enginePool.query(
        `select id, name, gateway_id, skew_ms, draining, load, last_seen_at from agent where id = $1`,
        [agentId],
      )
      return rows[0] as
        | {
            id: string
            name: string
            gateway_id: string | null
            skew_ms: number
            draining: boolean
            load: { running?: number }
            last_seen_at: Date
          }
        | undefined
    },
    close: async () => {
      await Promise.all(gateways.map((each) => each.stop()))
      for (const each of engines) await each.bus.close()
      await database.drop()
    },
  }
}

export type TestSite = Awaited<ReturnType<typeof openTestSite>>
