import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkLedger } from '@towline/engine/limits/check-ledger'
import { until } from '@towline/service/until'
import { percentiles } from '../bench/stats.ts'
import { freePorts } from '../support/free-ports.ts'
import { doubled, type FinalRun, lost, mostInWindow, overAdmissions, spansOf } from './limits/ledger.ts'
import { readMarks } from './limits/marks.ts'
import { buildPlant } from './limits/plant.ts'
import { openPremises, type Premises } from './limits/premises.ts'
import { type ChaosLedger, printLedger } from './limits/print-ledger.ts'
import { Random } from './limits/random.ts'
import { stirLoad, strike } from './limits/unrest.ts'
import { watchSlots } from './limits/watch.ts'
import { LIMITS } from './limits/workload.ts'

/**
 * Limits under kill -9, for as long as it is asked for: `TOWLINE_CHAOS_SECONDS=300 node .config/run-ts.mjs test/chaos/limits.ts`.
 * Prints a ledger; ends with 1 when it does not add up. The seed repeats what is done and when, not how the processes share the machine.
 */
const HAND_OVERS = `select (extract(epoch from h.granted_at - (select max(f.freed_at) from slot_history f where f.limit_id = h.limit_id and f.freed_at <= h.granted_at)) * 1000)::float8 as ms
  from slot_history h join concurrency_limit l on l.id = h.limit_id
  where l.slots is not null and h.granted_at - h.arrived_at > interval '5 ms' and exists (select from slot_history f where f.limit_id = h.limit_id and f.freed_at <= h.granted_at)`
const seconds = Number(process.env.TOWLINE_CHAOS_SECONDS ?? 15)
const seed = Number(process.env.TOWLINE_CHAOS_SEED ?? Math.floor(Math.random() * 1e9))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

process.stdout.write(`limits under kill -9 for ${seconds} s: TOWLINE_CHAOS_SEED=${seed}\n`)
const premises = await openPremises()
const marks = join(premises.folder, 'marks.jsonl')
writeFileSync(marks, '')
const plant = buildPlant({
  databaseUrl: premises.databaseUrl,
  firstPort: await freePorts(4),
  folder: premises.folder,
  marks,
  random: new Random(seed + 1),
  agents: [
    { name: 'agent-1', key: premises.keys['chaos-a'] },
    { name: 'agent-2', key: premises.keys['chaos-a'] },
    { name: 'agent-3', key: premises.keys['chaos-b'] },
  ],
})
for (const machine of plant) machine.start()

const unrest = new AbortController()
const watching = new AbortController()
const watched = watchSlots(premises, watching.signal)
const loaded = stirLoad(premises, new Random(seed + 2), unrest.signal)
const struck = strike(plant, premises, new Random(seed + 3), unrest.signal)
await Promise.race([sleep(seconds * 1000), watched, loaded, struck])
unrest.abort()
const [deeds, blows] = await Promise.all([loaded, struck])
for (const machine of plant) machine.start()

const unended = async ({ outside }: Premises): Promise<number> =>
  (await outside.query<{ n: number }>('select count(*)::int as n from run where ended_at is null')).rows[0]?.n ?? 0
const drainBegan = Date.now()
const drainSeconds = await until(async () => (await unended(premises)) === 0, { timeoutMs: 150_000, intervalMs: 100 }).then(
  () => (Date.now() - drainBegan) / 1000,
  () => null,
)
const rows = async <T extends object>(text: string): Promise<T[]> => (await premises.outside.query<T>(text)).rows
const leftSlots = await rows<{ run_id: string }>('select run_id from slot')
const leftWaiters = await rows<{ run_id: string }>('select run_id from waiter')
const doctor = await premises.doctor()
const users = await checkLedger(premises.engine, premises)
watching.abort()
const sightings = await watched
for (const machine of plant) await machine.kill()

const { spans, repeated, refusals } = spansOf(readMarks(marks))
const { over, peaks } = overAdmissions(spans)
const runs = await rows<FinalRun>('select id, state_type as state, attempt from run')
const rateFaults = await Promise.all(LIMITS.map(checkRate))
const gone = lost(deeds.created, runs, spans)
const states = Object.fromEntries(
  ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'].map((state) => [state, runs.filter((run) => run.state === state).length]),
)
const [{ deadlocks } = { deadlocks: 0 }] = await rows<{ deadlocks: number }>(
  'select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()',
)

const faults = {
  overAdmissions: [...over, ...sightings.over, ...rateFaults.flat()],
  leaks: [
    ...leftSlots.map(({ run_id }) => `a slot of the ended run ${run_id}`),
    ...leftWaiters.map(({ run_id }) => `a place in line of the ended run ${run_id}`),
    ...spans.filter(({ end }) => end === null).map(({ start }) => `${start.run}/${start.attempt} began and never ended`),
  ],
  lost: gone.lost,
  doubled: [...repeated, ...doubled(spans), ...gone.revived],
  ledger: [...sightings.problems, ...users.problems.map(({ kind, text }) => `at the end, ${kind}: ${text}`)],
  refusals,
}
const ofRuns = spans.filter(({ start }) => start.task === null)
const killed = (span: { why: string }): boolean => span.why === 'killed'
const ledger: ChaosLedger = {
  seed,
  seconds,
  ok: Object.values(faults).every((list) => list.length === 0) && users.ok && doctor.ok && drainSeconds !== null,
  runs: { created: deeds.created.length, ...states },
  starts: ofRuns.length,
  finishes: ofRuns.filter((span) => !killed(span)).length,
  killed: spans.filter(killed).length,
  taskStarts: spans.length - ofRuns.length,
  peaks,
  faults,
  doctor,
  drainSeconds,
  handOverMs: percentiles((await rows<{ ms: number }>(HAND_OVERS)).map(({ ms }) => ms)),
  deadlocks,
}
if (process.env.TOWLINE_CHAOS_REPORT) writeFileSync(process.env.TOWLINE_CHAOS_REPORT, JSON.stringify(ledger))
printLedger(ledger, deeds, blows, sightings)
if (!ledger.ok) process.stdout.write(readFileSync(join(premises.folder, 'plant.log'), 'utf8').slice(-6000))
await premises.close()
process.exit(ledger.ok ? 0 : 1)

/** By the database: no window of the rate has more starts than it may. */
async function checkRate({ name, limit, rate }: (typeof LIMITS)[number]): Promise<string[]> {
  if (!rate || !('kind' in limit) || limit.kind !== 'tag') return []
  const starts = await rows<{ at: number }>(
    `select (extract(epoch from h.granted_at) * 1000)::float8 as at from slot_history h join concurrency_limit l on l.id = h.limit_id where l.tag = '${limit.tag}'`,
  )
  const most = mostInWindow(
    starts.map(({ at }) => Math.round(at)),
    rate.windowSeconds * 1000,
  )
  return most > rate.count ? [`${name}: ${most} starts within ${rate.windowSeconds} s, ${rate.count} are allowed`] : []
}
