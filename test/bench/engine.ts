import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manifestSchema } from '@towline/contract/manifest'
import { createBus } from '@towline/db/bus'
import { startEmbedded } from '@towline/db/embedded'
import { migrate } from '@towline/db/migrate'
import { openDb } from '@towline/db/open-db'
import type { EngineContext } from '@towline/engine/context'
import { claimRuns } from '@towline/engine/runs/claim-runs'
import { confirmRuns } from '@towline/engine/runs/confirm-runs'
import { createRuns } from '@towline/engine/runs/create-runs'
import { reportStatuses } from '@towline/engine/runs/report-statuses'
import { systemClock } from '@towline/service/clock'
import { createLogger } from '@towline/service/logger'
import { newId } from '@towline/service/new-id'

/**
 * The verbs of a run's life alone, in batches, without gateway and sockets: what the database and the engine can do at most.
 * `node .config/run-ts.mjs test/bench/engine.ts [runs] [batch] [clients]`, durable commits, every event kept.
 */
const [total = 20_000, batch = 200, clients = 4] = process.argv.slice(2).map(Number)
const log = createLogger('bench', { level: 'warn' })
const dataDir = await mkdtemp(join(tmpdir(), 'towline-bench-'))
const postgres = await startEmbedded({ dataDir, log })
await migrate(postgres.url)
const db = openDb({ url: postgres.url, applicationName: 'bench', maxConnections: clients + 2 })
const engine: EngineContext = { db, bus: createBus(db), clock: systemClock, log }

const ids = { workspace: newId(), pool: newId(), queue: newId(), flow: newId(), deployment: newId(), version: newId() }
const manifest = manifestSchema.parse({ name: 'bench', flow: 'bench', pool: 'bench', code: { kind: 'command', command: ['true'] } })
const insert = (text: string, values: unknown[]) => db.enginePool.query(text, values)
await insert(`insert into workspace (id, slug, name) values ($1, 'bench', 'bench')`, [ids.workspace])
await insert(`insert into work_pool (id, workspace_id, name, type) values ($1, $2, 'bench', 'process')`, [ids.pool, ids.workspace])
await insert(`insert into queue (id, workspace_id, pool_id, name) values ($1, $2, $3, 'default')`, [ids.queue, ids.workspace, ids.pool])
await insert(`insert into flow (id, workspace_id, name) values ($1, $2, 'bench')`, [ids.flow, ids.workspace])
await insert(`insert into deployment (id, workspace_id, flow_id, pool_id, queue_id, name) values ($1, $2, $3, $4, $5, 'bench')`, [
  ids.deployment,
  ids.workspace,
  ids.flow,
  ids.pool,
  ids.queue,
])
await insert(
  `insert into deployment_version (id, workspace_id, deployment_id, number, manifest_hash, manifest, created_by) values ($1, $2, $3, 1, 'h', $4, 'bench')`,
  [ids.version, ids.workspace, ids.deployment, manifest],
)
await insert('update deployment set current_version_id = $2 where id = $1', [ids.deployment, ids.version])

const spent = new Map<string, number>()
const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  const start = performance.now()
  const result = await work()
  spent.set(what, (spent.get(what) ?? 0) + performance.now() - start)
  return result
}

const addRuns = async (): Promise<void> => {
  const runs = Array.from({ length: 1000 }, () => ({ deployment: 'bench', parameters: { note: 'x'.repeat(200) } }))
  for (let made = 0; made < total; made += runs.length) await createRuns(engine, { workspaceId: ids.workspace, actor: 'bench', runs })
}

const live = async (agentId: string): Promise<number> => {
  let finished = 0
  for (;;) {
    const claimed = await timed('claim', () =>
      claimRuns(engine, { poolId: ids.pool, agentId, agentName: 'bench', credits: batch, leaseSeconds: 40 }),
    )
    if (claimed.length === 0) return finished
    const refs = claimed.map(({ spec }) => ({ runId: spec.runId, attempt: spec.attempt }))
    await timed('confirm', () =>
      confirmRuns(
        engine,
        refs.map((ref) => ({ agentId, ...ref })),
      ),
    )
    const item = (reportId: string, status: Parameters<typeof reportStatuses>[1][number]['report']['status']) =>
      refs.map((ref) => ({ agentId, workspaceId: ids.workspace, report: { reportId, ...ref, at: Date.now(), status } }))
    await timed('started', () => reportStatuses(engine, item('s', { kind: 'started', infrastructure: { pid: 1 } })))
    const exit = { exitCode: 0, signal: null, outOfMemory: false }
    await timed('exited', () => reportStatuses(engine, item('e', { kind: 'exited', exit, cause: 'self' })))
    finished += claimed.length
  }
}

const measured = async (what: string, work: () => Promise<unknown>): Promise<void> => {
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  process.stdout.write(`${what}: ${Math.round(total / seconds).toLocaleString('en')} runs/s\n`)
}

try {
  await measured('created, 1,000 in a call', addRuns)
  await measured(`whole lives, ${clients} clients, batches of ${batch}`, () =>
    Promise.all(Array.from({ length: clients }, () => live(newId()))),
  )
  for (const [verb, ms] of spent) process.stdout.write(`  ${verb}: ${((ms * 1000) / total).toFixed(0)} µs a run and client\n`)
  const single: number[] = []
  for (let i = 0; i < 300; i += 1) {
    await createRuns(engine, { workspaceId: ids.workspace, actor: 'bench', runs: [{ deployment: 'bench' }] })
    const start = performance.now()
    await claimRuns(engine, { poolId: ids.pool, agentId: newId(), agentName: 'bench', credits: 1, leaseSeconds: 40 })
    single.push(performance.now() - start)
  }
  single.sort((a, b) => a - b)
  process.stdout.write(`claim of one, idle: p50 ${single[150]?.toFixed(2)} ms, p95 ${single[285]?.toFixed(2)} ms\n`)
} finally {
  await engine.bus.close()
  await db.close()
  await postgres.stop()
  await rm(dataDir, { recursive: true, force: true })
}
