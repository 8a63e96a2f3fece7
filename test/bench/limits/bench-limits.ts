import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildApps, type ControlPlane, printStatements, startControlPlane } from '../control-plane.ts'
import { root } from '../paths.ts'
import { printColumns } from '../print-table.ts'
import { median, round } from '../stats.ts'
import { CLAIMED, type ClaimCost, measureClaimCost, prepareCrowd } from './claim-cost.ts'
import { type CrowdLatency, measureCrowdLatency } from './crowd-latency.ts'
import { type Handover, measureHandover } from './handover.ts'
import { measureOnOff, type OnOff } from './on-off.ts'

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

type Parts = 'handover' | 'on-off' | 'crowd' | 'claim'
type Options = { quick: boolean }

/** What limits cost, and how soon a freed slot is somebody else's. */
export const benchLimits = async ({ quick }: Options): Promise<void> => {
  const asked = (['handover', 'on-off', 'crowd', 'claim'] as const).filter((part) => process.argv.includes(part))
  const wants = (part: Parts): boolean => asked.length === 0 || asked.includes(part)
  say('building the gateway and the agent')
  buildApps()
  const plane = await startControlPlane()
  try {
    const handover = wants('handover') ? await handovers(plane, quick) : null
    const crowd = wants('crowd') ? await crowdLatency(plane, quick) : null
    const claims = wants('claim') ? await claimCosts(plane, quick) : null
    const onOff = wants('on-off') ? await throughput(plane, quick) : null
    mkdirSync(join(root, 'test/results'), { recursive: true })
    const file = join(root, 'test/results', `bench-limits-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`)
    writeFileSync(file, JSON.stringify({ quick, handover, onOff, crowd, claims }, null, 2))
    say(`written to ${file}`)
  } finally {
    await plane.stop()
  }
}

const handovers = async (plane: ControlPlane, quick: boolean): Promise<Record<string, Handover>> => {
  say('hand-over of a freed slot')
  const samples = quick ? 60 : 300
  const one = await measureHandover({ plane, tag: 'one-slot', samples, gateways: [plane.gatewayUrl] })
  const two = await measureHandover({ plane, tag: 'one-slot-of-two', samples, gateways: [plane.gatewayUrl, await plane.addGateway()] })
  const line = (name: string, { sinceEnd, sinceAck, most }: Handover): string[] => [
    name,
    ...[sinceEnd.p50, sinceEnd.p95, sinceEnd.p99, sinceAck.p50, sinceAck.p95].map((ms) => round(ms).toFixed(2)),
    String(most),
  ]
  printColumns([
    ['freed slot → next holder at its agent (ms)', 'p50', 'p95', 'p99', 'after the ack, p50', 'p95', 'most at once'],
    line('one gateway', one),
    line('holders in turn at two gateways', two),
  ])
  if (process.env.TOWLINE_BENCH_STATEMENTS) await printStatements(plane.databaseUrl, 2 * samples)
  return { one, two }
}

const throughput = async (plane: ControlPlane, quick: boolean): Promise<OnOff> => {
  say('whole lives of runs, limits on and off in turn')
  const result = await measureOnOff(plane, quick ? { runs: 3000, rounds: 1 } : { runs: 10_000, rounds: 3 })
  const cpu = (side: OnOff['on'], who: string): number => median(side.cpuMicros.map((micros) => micros[who] ?? Number.NaN))
  const sum = (side: OnOff['on']): number =>
    median(side.cpuMicros.map((micros) => Object.values(micros).reduce((total, one) => total + one, 0)))
  const line = (name: string, of: (side: OnOff['on']) => number): string[] => [
    name,
    ...[of(result.off), of(result.on)].map((value) => String(Math.round(value))),
    (of(result.on) / of(result.off)).toFixed(2),
  ]
  printColumns([
    ['whole lives of runs (medians)', 'limits off', 'on', 'ratio'],
    line('runs/s', (side) => median(side.perSecond)),
    line('CPU µs per run, PostgreSQL', (side) => cpu(side, 'postgres')),
    line('CPU µs per run, gateway', (side) => cpu(side, 'gateway')),
    line('CPU µs per run, all', sum),
  ])
  const lives = (quick ? 3000 : 10_000) * (result.off.perSecond.length + result.on.perSecond.length)
  if (process.env.TOWLINE_BENCH_STATEMENTS) await printStatements(plane.databaseUrl, lives)
  return result
}

const crowdLatency = async (plane: ControlPlane, quick: boolean): Promise<CrowdLatency> => {
  say('a runnable run beside 5,000 that a limit holds')
  const result = await measureCrowdLatency(plane, quick ? { samples: 40, bursts: 2 } : { samples: 200, bursts: 6 })
  const line = (name: string, { p50, p95 }: { p50: number; p95: number }): string[] => [
    name,
    round(p50).toFixed(2),
    round(p95).toFixed(2),
    (p50 / result.without.p50).toFixed(2),
  ]
  printColumns([
    ['created → at the agent (ms)', 'p50', 'p95', 'ratio'],
    line('nobody else', result.without),
    line('5,000 and more in the line of a limit', result.inLine),
    line('5,000 that will be held were created right before', result.arriving),
  ])
  return result
}

const claimCosts = async (plane: ControlPlane, quick: boolean): Promise<ClaimCost[]> => {
  await prepareCrowd(plane)
  const scale = quick ? 10 : 1
  const samples = quick ? 20 : 60
  const cases: ClaimCost['crowd'][] = [
    {},
    { blocked: 100_000 / scale },
    { future: 100_000 / scale },
    { finished: 1_000_000 / scale },
    { blocked: 100_000 / scale, future: 100_000 / scale, finished: 1_000_000 / scale },
    {},
  ]
  const costs: ClaimCost[] = []
  for (const crowd of cases) {
    const name = nameOf(crowd)
    say(`one claim of ${CLAIMED} beside: ${name}`)
    costs.push(await measureClaimCost(plane, crowd, samples))
  }
  const empty = costs.filter(({ crowd }) => Object.keys(crowd).length === 0)
  const base = { ms: median(empty.map((cost) => cost.ms.p50)), cpu: median(empty.map((cost) => cost.cpuMicros)) }
  const pages = (cost: ClaimCost): number => cost.plans.reduce((sum, plan) => sum + plan.buffers, 0)
  printColumns([
    [`one claim of ${CLAIMED} runs beside`, 'p50 ms', 'p95 ms', 'ratio', 'CPU µs of PostgreSQL', 'ratio', 'pages read', 'ratio'],
    ...costs.map((cost) => [
      nameOf(cost.crowd),
      round(cost.ms.p50).toFixed(2),
      round(cost.ms.p95).toFixed(2),
      (cost.ms.p50 / base.ms).toFixed(2),
      String(Math.round(cost.cpuMicros)),
      (cost.cpuMicros / base.cpu).toFixed(2),
      String(pages(cost)),
      (pages(cost) / pages(empty[0] as ClaimCost)).toFixed(2),
    ]),
  ])
  const all = costs.at(-2) as ClaimCost
  const of = (cost: ClaimCost | undefined, statement: string): string =>
    String(cost?.plans.filter((plan) => plan.statement === statement).reduce((sum, plan) => sum + plan.buffers, 0) ?? '')
  printColumns([
    ['statement of the claim', 'pages, empty', 'pages, all', 'reads'],
    ...all.plans.map((plan) => [plan.statement, of(empty[0], plan.statement), of(all, plan.statement), plan.scans.join('; ')]),
  ])
  return costs
}

const nameOf = (crowd: ClaimCost['crowd']): string =>
  Object.entries(crowd)
    .map(([kind, count]) => `${count.toLocaleString('en')} ${kind}`)
    .join(', ') || 'nothing'
