import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { createRuns } from '@towline/engine/runs/create-runs'
import { until } from '@towline/service/until'
import { measureAgentStart, measureBareNode, measureLaunch } from './agent-footprint.ts'
import type { AgentsSettings } from './agents-process.ts'
import { LoadProcess } from './child.ts'
import { buildApps, type ControlPlane, printStatements, startControlPlane } from './control-plane.ts'
import { measureIdleLatency } from './idle-latency.ts'
import { benchLimits } from './limits/bench-limits.ts'
import { benchPage } from './page/bench-page.ts'
import { root } from './paths.ts'
import { measureGraphile, measurePgBoss, type Sizes } from './peers/peers.ts'
import { printCpu, printTable, type Row } from './print-table.ts'
import { benchSockets } from './sockets/bench-sockets.ts'
import { round } from './stats.ts'
import { measureThroughput } from './throughput.ts'

const quick = process.argv.includes('--quick')
const ownOnly = process.argv.includes('--no-peers')
const sizes: Sizes = quick ? { samples: 60, runs: 4000 } : { samples: 300, runs: 20_000 }

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const withAgents = async <T>(
  plane: ControlPlane,
  settings: Omit<AgentsSettings, 'url'>,
  measure: (load: LoadProcess) => Promise<T>,
): Promise<T> => {
  const load = new LoadProcess('agents-process.ts', { url: plane.gatewayUrl, ...settings } satisfies AgentsSettings)
  try {
    await load.ready()
    return await measure(load)
  } finally {
    await load.stop()
  }
}

const create = async (plane: ControlPlane, deployment: string, count: number): Promise<string[]> => {
  const runs = Array.from({ length: count }, () => ({ deployment, parameters: { note: 'x'.repeat(200) } }))
  const made = await createRuns(plane.engine, { workspaceId: plane.workspaceId, actor: 'bench', runs })
  return made.map(({ id }) => id)
}

const measureOurs = async (plane: ControlPlane) => {
  const { agentKey } = await plane.addPool('bench', ['true'])
  say('towline: idle latency')
  const latency = await withAgents(plane, { key: agentKey, agents: 1, capacity: 10 }, async (load) => {
    const figures = await measureIdleLatency({
      load,
      samples: sizes.samples,
      create: async () => (await create(plane, 'bench', 1))[0] ?? '',
    })
    // The agent that is stopped before its last runs have ended would leave them under way.
    await until(async () => (await unfinished(plane)) === 0, { what: 'the end of the last runs' })
    return figures
  })
  const throughput = []
  for (const agents of [1, 4]) {
    say(`towline: whole lives of runs, ${agents} agent${agents > 1 ? 's' : ''}`)
    throughput.push(
      await withAgents(plane, { key: agentKey, agents, capacity: 1000 }, (load) =>
        measureThroughput({
          load,
          counted: { gateway: { pid: plane.gatewayPid }, postgres: { pid: plane.postgresPid, children: true } },
          total: sizes.runs,
          addBatch: async (count) => {
            await create(plane, 'bench', count)
          },
        }),
      ),
    )
  }
  await checkLedger(plane)
  if (process.env.TOWLINE_BENCH_STATEMENTS) await printStatements(plane.databaseUrl, 2 * sizes.runs)
  return { latency, oneAgent: throughput[0], fourAgents: throughput[1] }
}

const unfinished = async ({ engine }: ControlPlane): Promise<number> => {
  const { rows } = await engine.db.enginePool.query<{ runs: number }>('select count(*)::int as runs from run where ended_at is null')
  return rows[0]?.runs ?? 0
}

/** A figure counts only when everything that it stands for is in the database. */
const checkLedger = async ({ engine }: ControlPlane): Promise<void> => {
  const { rows } = await engine.db.enginePool.query<{ state: string; runs: string; events: string }>(
    `select r.state_type as state, count(*) as runs, sum((select count(*) from run_event e where e.run_id = r.id)) as events
     from run r group by r.state_type`,
  )
  const [only, ...others] = rows
  if (others.length > 0 || only?.state !== 'COMPLETED') throw new Error(`not all runs are completed: ${JSON.stringify(rows)}`)
  say(`  in the database: ${only.runs} completed runs with ${only.events} events`)
}

const main = async (): Promise<void> => {
  say('building the gateway and the agent')
  buildApps()
  const plane = await startControlPlane()
  try {
    const ours = await measureOurs(plane)
    say('towline: the agent')
    const { agentKey } = await plane.addPool('footprint', ['true'])
    const agent = await measureAgentStart(plane, agentKey, quick ? 3 : 7)
    const node = await measureBareNode()
    const launch = await measureLaunch(plane, quick ? 5 : 15)
    if (!ownOnly) say('graphile-worker and pg-boss')
    const graphile = ownOnly ? null : await measureGraphile(plane, sizes)
    const pgBoss = ownOnly ? null : await measurePgBoss(plane, sizes)

    const machine = {
      cpus: availableParallelism(),
      cpu: cpus()[0]?.model ?? '',
      memoryGb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    }
    const results = { at: new Date().toISOString(), quick, machine, sizes, towline: { ...ours, agent, launch }, node, graphile, pgBoss }
    mkdirSync(join(root, 'test/results'), { recursive: true })
    const file = join(root, 'test/results', `bench-${results.at.replaceAll(/[:.]/g, '-')}.json`)
    writeFileSync(file, JSON.stringify(results, null, 2))

    const { received, created } = ours.latency
    const perSecond = (value: number | undefined): number | null => (value === undefined ? null : round(value))
    const rows: Row[] = [
      {
        figure: 'run created → at the agent, idle, p50 (ms)',
        towline: round(received.p50),
        graphile: graphile && round(graphile.latency.p50),
        pgBoss: pgBoss && round(pgBoss.latency.p50),
        target: '3',
        smallerIsBetter: true,
      },
      {
        figure: '  p95',
        towline: round(received.p95),
        graphile: graphile && round(graphile.latency.p95),
        pgBoss: pgBoss && round(pgBoss.latency.p95),
        target: '5',
        smallerIsBetter: true,
      },
      {
        figure: '  p99',
        towline: round(received.p99),
        graphile: graphile && round(graphile.latency.p99),
        pgBoss: pgBoss && round(pgBoss.latency.p99),
        smallerIsBetter: true,
      },
      { figure: '  of it the create itself, p50', towline: round(created.p50), smallerIsBetter: true },
      {
        figure: 'whole lives of runs, 1 agent (runs/s)',
        towline: perSecond(ours.oneAgent?.perSecond),
        graphile: perSecond(graphile?.defaults?.perSecond),
        target: '8,000',
        note: 'graphile-worker: defaults',
      },
      {
        figure: 'whole lives of runs, 4 agents (runs/s)',
        towline: perSecond(ours.fourAgents?.perSecond),
        graphile: perSecond(graphile?.tuned.perSecond),
        pgBoss: perSecond(pgBoss?.tuned.perSecond),
        target: '8,000',
        note: 'peers: best settings found',
      },
      {
        figure: '  creates while they are worked off (runs/s)',
        towline: perSecond(ours.fourAgents?.createdPerSecond),
        graphile: perSecond(graphile?.tuned.createdPerSecond),
        pgBoss: perSecond(pgBoss?.tuned.createdPerSecond),
      },
      {
        figure: 'agent: start → connected (ms)',
        towline: round(agent.connectedMs),
        node: round(node.startMs),
        target: '250',
        smallerIsBetter: true,
      },
      {
        figure: 'agent: resident memory, idle (MB)',
        towline: round(agent.rssMb),
        node: round(node.rssMb),
        target: '60',
        smallerIsBetter: true,
      },
      {
        figure: 'created → first line of a Node program, p50 (ms)',
        towline: round(launch.p50),
        node: round(node.startMs),
        target: '150',
        smallerIsBetter: true,
      },
    ]
    printTable(rows)
    printCpu({ towline: ours.fourAgents, 'graphile-worker': graphile?.tuned, 'pg-boss': pgBoss?.tuned })
    say(`written to ${file}`)
  } finally {
    await plane.stop()
  }
}

const asked = (part: string): boolean => process.argv.includes(part)
await (asked('limits')
  ? benchLimits({ quick })
  : asked('page')
    ? benchPage({ quick })
    : asked('sockets')
      ? benchSockets({ quick })
      : main())
process.exit(0)
