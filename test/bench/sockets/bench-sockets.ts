import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRuns } from '@towline/engine/runs/create-runs'
import { until } from '@towline/service/until'
import type { AgentsSettings } from '../agents-process.ts'
import { LoadProcess } from '../child.ts'
import { asOwner, buildApps, type ControlPlane, startControlPlane } from '../control-plane.ts'
import { cpuSeconds } from '../cpu-time.ts'
import { measureIdleLatency } from '../idle-latency.ts'
import { printColumns } from '../print-table.ts'
import { monotonicMs, type Percentiles, round } from '../stats.ts'

const FEW = 10
const MOST = 10_000
/** Files of the gateway, and of the load, that are no sockets of agents. */
const OTHER_FILES = 200
/** Three beats of every agent. */
const IDLE_SECONDS = 30
/** Agents come back from a gateway's restart with jitter: so many at a time. */
const AT_ONCE = 200

type Figures = {
  agents: number
  connectedMs: number
  rssMb: number
  gatewayCpu: number
  postgresCpu: number
  walKbPerSecond: number
  fleet: Percentiles
  single: Percentiles
}

const fileLimit = (): number => Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' })) || MOST
const rssMb = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024
const walBytes = (plane: ControlPlane): Promise<number> =>
  asOwner(plane.databaseUrl, async (client) => Number((await client.query("select pg_current_wal_lsn() - '0/0' as bytes")).rows[0].bytes))

/** A pool with a fleet, and one with a single agent beside it, all on one gateway. */
const measure = async (plane: ControlPlane, agents: number, keys: { fleet: string; single: string }, samples: number): Promise<Figures> => {
  const settings = { url: plane.gatewayUrl, capacity: 1, atOnce: AT_ONCE }
  const start = monotonicMs()
  const fleet = new LoadProcess('agents-process.ts', { ...settings, key: keys.fleet, agents: agents - 1 } satisfies AgentsSettings)
  const single = new LoadProcess('agents-process.ts', { ...settings, key: keys.single, agents: 1 } satisfies AgentsSettings)
  try {
    await Promise.all([fleet.ready(), single.ready()])
    const connectedMs = monotonicMs() - start
    // The first beats of all, and what connecting left behind.
    await sleep(12_000)
    const gateway = { pid: plane.gatewayPid }
    const postgres = { pid: plane.postgresPid, children: true }
    const before = { gateway: cpuSeconds(gateway), postgres: cpuSeconds(postgres), wal: await walBytes(plane) }
    await sleep(IDLE_SECONDS * 1000)
    const share = (seconds: number): number => (100 * seconds) / IDLE_SECONDS
    const idle = {
      gatewayCpu: share(cpuSeconds(gateway) - before.gateway),
      postgresCpu: share(cpuSeconds(postgres) - before.postgres),
      walKbPerSecond: ((await walBytes(plane)) - before.wal) / 1024 / IDLE_SECONDS,
      rssMb: rssMb(plane.gatewayPid),
    }
    const latency = async (load: LoadProcess, deployment: string): Promise<Percentiles> => {
      const create = async (): Promise<string> =>
        (await createRuns(plane.engine, { workspaceId: plane.workspaceId, actor: 'bench', runs: [{ deployment }] }))[0]?.id ?? ''
      return (await measureIdleLatency({ load, samples, create })).received
    }
    return { agents, connectedMs, ...idle, fleet: await latency(fleet, 'fleet'), single: await latency(single, 'single') }
  } finally {
    await until(async () => (await plane.engine.db.enginePool.query('select 1 from run where ended_at is null limit 1')).rowCount === 0, {
      what: 'the end of the last runs',
    })
    await Promise.all([fleet.stop(), single.stop()])
  }
}

const print = (few: Figures, many: Figures, perSocketKb: number): void => {
  const row = (figure: string, pick: (figures: Figures) => number, target = ''): string[] => [
    figure,
    String(round(pick(few))),
    String(round(pick(many))),
    target,
  ]
  printColumns([
    ['figure', `${few.agents} agents`, `${many.agents} agents`, 'target'],
    row('all connected (ms)', ({ connectedMs }) => connectedMs),
    row('gateway: resident memory (MB)', (figures) => figures.rssMb, '200'),
    ['  of it for each agent more (KB)', '', String(round(perSocketKb)), ''],
    row('gateway: CPU when idle (% of a core)', ({ gatewayCpu }) => gatewayCpu, '10'),
    row('PostgreSQL: CPU when idle (% of a core)', ({ postgresCpu }) => postgresCpu),
    row('PostgreSQL: log written when idle (KB/s)', ({ walKbPerSecond }) => walKbPerSecond),
    row('run created → at an agent of the fleet, p50 (ms)', ({ fleet }) => fleet.p50, '3'),
    row('  p95', ({ fleet }) => fleet.p95, '5'),
    row('run created → at the one agent beside it, p50 (ms)', ({ single }) => single.p50, '3'),
    row('  p95', ({ single }) => single.p95, '5'),
  ])
}

export const benchSockets = async ({ quick }: { quick: boolean }): Promise<void> => {
  buildApps()
  const plane = await startControlPlane()
  try {
    const fleet = (await plane.addPool('fleet', ['true'])).agentKey
    const single = (await plane.addPool('single', ['true'])).agentKey
    const samples = quick ? 40 : 200
    const few = await measure(plane, FEW, { fleet, single }, samples)
    const many = await measure(plane, Math.min(quick ? 1000 : MOST, fileLimit() - OTHER_FILES), { fleet, single }, samples)
    print(few, many, ((many.rssMb - few.rssMb) * 1024) / (many.agents - few.agents))
  } finally {
    await plane.stop()
  }
}
