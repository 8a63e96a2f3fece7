import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manifestSchema } from '@towline/contract/manifest'
import { type Bus, createBus } from '@towline/db/bus'
import { type Embedded, startEmbedded } from '@towline/db/embedded'
import { migrate } from '@towline/db/migrate'
import { openDb } from '@towline/db/open-db'
import type { EngineContext } from '@towline/engine/context'
import { registerDeployment } from '@towline/engine/deployments/register-deployment'
import { createKey } from '@towline/engine/keys/create-key'
import { createUser } from '@towline/engine/people/create-user'
import { createPool } from '@towline/engine/pools/create-pool'
import { createWorkspace } from '@towline/engine/workspaces/create-workspace'
import { systemClock } from '@towline/service/clock'
import { createLogger, type Logger } from '@towline/service/logger'
import { until } from '@towline/service/until'
import pg from 'pg'
import { freePorts } from '../support/free-ports.ts'
import { root } from './paths.ts'

export const SECRET = 'only-for-benchmarks-only-for-benchmarks'

export type ControlPlane = {
  engine: EngineContext
  databaseUrl: string
  gatewayUrl: string
  gatewayPid: number
  /** Another gateway beside it, as in a larger installation. It ends with the control plane. */
  addGateway(): Promise<string>
  postgresPid: number
  workspaceId: string
  /** A pool of its own, with a deployment of the same name that runs `command`. */
  addPool(name: string, command: string[]): Promise<{ agentKey: string }>
  stop(): Promise<void>
}

/** Builds what is measured: the same single files that are shipped. */
export const buildApps = (): void => {
  for (const app of ['gateway', 'agent']) {
    execFileSync(process.execPath, [join(root, '.config/bundle.mjs')], { cwd: join(root, 'apps', app), stdio: 'inherit' })
  }
}

/** A real PostgreSQL with durable commits, a real gateway process, and this process in the part of the one that takes the creates. */
export const startControlPlane = async (): Promise<ControlPlane> => {
  const log = createLogger('bench', { level: 'warn' })
  const dataDir = await mkdtemp(join(tmpdir(), 'towline-bench-'))
  // When this runs as root, PostgreSQL runs as another user, who must reach its folder.
  await chmod(dataDir, 0o755)
  const postgres = await startPostgres(join(dataDir, 'postgres'), log)
  await migrate(postgres.url)
  const db = openDb({ url: postgres.url, applicationName: 'towline-bench', maxConnections: 8 })
  const bus: Bus = createBus(db, log)
  const engine: EngineContext = { db, bus, clock: systemClock, log }
  const user = await createUser(engine, { email: 'bench@towline.local', password: 'correct horse battery', name: 'Bench' })
  const workspace = await createWorkspace(engine, { name: 'Bench', slug: 'bench', userId: user.id })
  const { gateway, url } = await startGateway(postgres.url)
  const gateways = [gateway]

  return {
    engine,
    databaseUrl: postgres.url,
    gatewayUrl: url,
    gatewayPid: gateway.pid ?? 0,
    postgresPid: postgres.pid(),
    workspaceId: workspace.id,
    addGateway: async () => {
      const more = await startGateway(postgres.url)
      gateways.push(more.gateway)
      return more.url
    },
    addPool: async (name, command) => {
      await createPool(engine, { workspaceId: workspace.id, name, type: 'process', description: '' })
      const manifest = manifestSchema.parse({ name, flow: name, pool: name, code: { kind: 'command', command } })
      await registerDeployment(engine, { workspaceId: workspace.id, manifest, dryRun: false, actor: 'bench' })
      const key = await createKey(engine, {
        workspaceId: workspace.id,
        userId: user.id,
        kind: 'agent',
        pool: name,
        name,
        expiresInDays: null,
      })
      return { agentKey: key.secret }
    },
    stop: async () => {
      const ended = gateways.map((one) => once(one, 'exit'))
      // A profile is written when the process ends by itself.
      for (const one of gateways) one.kill(process.env.TOWLINE_BENCH_CPU_PROFILE ? 'SIGTERM' : 'SIGKILL')
      await Promise.all(ended)
      await bus.close()
      await db.close()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The module is part of PostgreSQL but must be loaded at its start. It costs a few percent, so only when it is asked for. */
const startPostgres = async (dataDir: string, log: Logger): Promise<Embedded> => {
  const postgres = await startEmbedded({ dataDir, log })
  if (!process.env.TOWLINE_BENCH_STATEMENTS) return postgres
  await asOwner(postgres.url, (client) => client.query("alter system set shared_preload_libraries = 'pg_stat_statements'"))
  await postgres.stop()
  const counting = await startEmbedded({ dataDir, log })
  await asOwner(counting.url, async (client) => {
    await client.query('create extension pg_stat_statements')
    await client.query('alter system set pg_stat_statements.track_planning = on')
    await client.query('select pg_reload_conf()')
  })
  return counting
}

export const asOwner = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return await work(client).finally(() => client.end())
}

/** Where PostgreSQL's time went, by statement. */
export const printStatements = async (databaseUrl: string, runs: number): Promise<void> => {
  const { rows } = await asOwner(databaseUrl, (client) =>
    client.query<{ calls: string; ms: number; plan_ms: number; plans: string; rows: string; query: string }>(
      `select calls, total_exec_time as ms, total_plan_time as plan_ms, plans, rows, left(regexp_replace(query, '\\s+', ' ', 'g'), 110) as query
       from pg_stat_statements order by total_exec_time + total_plan_time desc limit 20`,
    ),
  )
  const perRun = (ms: number): number => Math.round((ms * 1000) / runs)
  for (const { calls, ms, plan_ms, plans, rows: count, query } of rows)
    console.log(`${perRun(ms)} µs/run + ${perRun(plan_ms)} to plan it  ${calls} calls  ${plans} plans  ${count} rows  ${query}`)
}

const startGateway = async (databaseUrl: string): Promise<{ gateway: ChildProcess; url: string }> => {
  const port = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    TOWLINE_DATABASE_URL: databaseUrl,
    TOWLINE_SECRET: SECRET,
    TOWLINE_GATEWAY_PORT: String(port),
    TOWLINE_GATEWAY_URL: url,
    TOWLINE_LOG_LEVEL: 'warn',
  }
  const profile = process.env.TOWLINE_BENCH_CPU_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.TOWLINE_BENCH_CPU_PROFILE}`] : []
  const gateway = spawn(process.execPath, [...profile, join(root, 'apps/gateway/dist/gateway.mjs')], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await until(async () => (await fetch(`${url}/readyz`)).ok, { what: 'the gateway', timeoutMs: 30_000, intervalMs: 20 })
  return { gateway, url }
}
