import type { RunStatus } from '@towline/contract/frames'
import { type Manifest, manifestSchema } from '@towline/contract/manifest'
import { type Bus, createBus } from '@towline/db/bus'
import { type Db, openDb } from '@towline/db/open-db'
import { createTestDatabase } from '@towline/db/test-database'
import { ManualClock } from '@towline/service/clock'
import { createLogger } from '@towline/service/logger'
import { newId } from '@towline/service/new-id'
import type { EngineContext } from '../context.ts'
import { claimRuns } from './claim-runs.ts'
import { confirmRuns } from './confirm-runs.ts'
import { type CreateRun, createRuns } from './create-runs.ts'
import { reportStatuses, type StatusOutcome } from './report-statuses.ts'

export type World = Awaited<ReturnType<typeof createWorld>>
export const LEASE = 40

type RunState = {
  state_type: string
  state_name: string
  state_message: string | null
  ready: boolean
  attempt: number
  failures: number
  crashes: number
  event_seq: number
  agent_id: string | null
  lease_expires_at: Date | null
  due_at: Date
  result: unknown
  started_at: Date | null
  ended_at: Date | null
}

/** For tests: a database of its own with a workspace, a pool, two queues and a deployment, and short words for what agents do. */
export const createWorld = async () => {
  const database = await createTestDatabase()
  const { db } = database
  const clock = new ManualClock('2026-05-04T10:00:00.000Z')
  const bus = createBus(db)
  const published: { topic: string; ids: readonly string[] }[] = []
  const recording: Bus = {
    ...bus,
    publish: (topic, ids) => {
      if (ids.length > 0) published.push({ topic, ids: [...ids] })
      bus.publish(topic, ids)
    },
  }
  const ctx: EngineContext = { db, bus: recording, clock, log: createLogger('test', { level: 'silent' }) }
  const closers: (() => Promise<void>)[] = []
  const query = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await db.enginePool.query<T>(text, values)).rows

  const addTenant = async (slug: string) => {
    const ids = { workspaceId: newId(), poolId: newId(), queueId: newId(), urgentQueueId: newId(), flowId: newId() }
    await query('insert into workspace (id, slug, name) values ($1, $2, $2)', [ids.workspaceId, slug])
    await query(
      `insert into work_pool (id, workspace_id, name, type, variables) values ($1, $2, 'local', 'process', '{"env":{"FROM":"pool","POOL":"1"}}')`,
      [ids.poolId, ids.workspaceId],
    )
    await query(
      `insert into queue (id, workspace_id, pool_id, name, priority) values ($1, $3, $4, 'default', 100), ($2, $3, $4, 'urgent', 1)`,
      [ids.queueId, ids.urgentQueueId, ids.workspaceId, ids.poolId],
    )
    await query('insert into flow (id, workspace_id, name) values ($1, $2, $3)', [ids.flowId, ids.workspaceId, 'etl'])
    return ids
  }
  const tenant = await addTenant('acme')

  const deploy = async (
    manifest: Partial<Manifest> & { name: string },
    to = tenant,
  ): Promise<{ deploymentId: string; versionId: string }> => {
    const deploymentId = newId()
    const versionId = newId()
    const queueId = manifest.queue === 'urgent' ? to.urgentQueueId : to.queueId
    const full = manifestSchema.parse({ flow: 'etl', pool: 'local', code: { kind: 'command', command: ['true'] }, ...manifest })
    await query('insert into deployment (id, workspace_id, flow_id, pool_id, queue_id, name) values ($1, $2, $3, $4, $5, $6)', [
      deploymentId,
      to.workspaceId,
      to.flowId,
      to.poolId,
      queueId,
      manifest.name,
    ])
    await query(
      `insert into deployment_version (id, workspace_id, deployment_id, number, manifest_hash, manifest, created_by) values ($1::uuid, $2, $3, 1, $1::text, $4, 'test')`,
      [versionId, to.workspaceId, deploymentId, full],
    )
    await query('update deployment set current_version_id = $2 where id = $1', [deploymentId, versionId])
    return { deploymentId, versionId }
  }
  await deploy({ name: 'nightly', retries: { failures: 1, crashes: 1, delaySeconds: 10, factor: 2, jitter: 0 } })

  const agentId = newId()
  const create = async (...runs: Partial<CreateRun>[]): Promise<string[]> => {
    const asked = (runs.length > 0 ? runs : [{}]).map((run) => ({ deployment: 'nightly', ...run }))
    return (await createRuns(ctx, { workspaceId: tenant.workspaceId, actor: 'ann', runs: asked })).map((run) => run.id)
  }
  const claim = async (credits = 100, by = agentId, on: EngineContext = ctx) =>
    (await claimRuns(on, { poolId: tenant.poolId, agentId: by, agentName: 'a1', credits, leaseSeconds: LEASE })).map((one) => one.spec)
  const run = async (id: string): Promise<RunState> => {
    const [row] = await query<RunState>('select * from run where id = $1', [id])
    if (!row) throw new Error(`No run ${id}`)
    return row
  }
  let reports = 0
  const report = async (
    runId: string,
    attempt: number,
    status: RunStatus,
    more: { reportId?: string; agentId?: string; at?: number } = {},
  ): Promise<StatusOutcome['kind']> => {
    const reportId = more.reportId ?? `r${++reports}`
    const item = { reportId, runId, attempt, at: more.at ?? clock.now().getTime(), status }
    const [outcome] = await reportStatuses(ctx, [{ agentId: more.agentId ?? agentId, workspaceId: tenant.workspaceId, report: item }])
    return outcome?.kind ?? 'not_found'
  }

  return {
    ...tenant,
    ctx,
    db,
    clock,
    published,
    url: database.url,
    agentId,
    addTenant,
    deploy,
    query,
    create,
    claim,
    run,
    report,
    confirm: (runId: string, attempt: number, by = agentId) => confirmRuns(ctx, [{ agentId: by, runId, attempt }]),
    attempts: (id: string) => query<Record<string, unknown>>('select * from attempt where run_id = $1 order by number', [id]),
    events: (id: string) =>
      query<{
        seq: number
        kind: string
        state_name: string | null
        attempt: number
        message: string | null
        at: Date
        detail: Record<string, unknown> | null
      }>('select seq, kind, state_name, attempt, message, at, detail from run_event where run_id = $1 order by seq', [id]),
    /** A run that an agent has claimed, confirmed and started. */
    running: async (more: Partial<CreateRun> = {}): Promise<string> => {
      const [id = ''] = await create(more)
      const specs = await claim()
      const spec = specs.find((one) => one.runId === id)
      if (!spec) throw new Error('The run was not claimed')
      await confirmRuns(ctx, [{ agentId, runId: id, attempt: spec.attempt }])
      await report(id, spec.attempt, STARTED)
      return id
    },
    /** As the owner of the tables, on a connection that is thrown away. */
    admin: async (text: string): Promise<void> => {
      const client = await db.enginePool.connect()
      await client.query(`set role none; ${text}`).finally(() => client.release(true))
    },
    /** The engine of another process on the same database. */
    another: (): EngineContext => {
      const other: Db = openDb({ url: database.url, applicationName: 'other', maxConnections: 4 })
      closers.push(() => other.close())
      return { ...ctx, db: other }
    },
    close: async () => {
      for (const close of closers) await close()
      await bus.close()
      await database.drop()
    },
  }
}

export const STARTED: RunStatus = { kind: 'started', infrastructure: { pid: 42 } }
export const exited = (exitCode: number, cause: 'self' | 'cancel' | 'timeout' = 'self'): RunStatus => ({
  kind: 'exited',
  exit: { exitCode, signal: null, outOfMemory: false },
  cause,
})
export const killed = (signal: string): RunStatus => ({
  kind: 'exited',
  exit: { exitCode: null, signal, outOfMemory: false },
  cause: 'self',
})
