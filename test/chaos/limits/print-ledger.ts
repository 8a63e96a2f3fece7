import type { Blows, Deeds } from './unrest.ts'
import type { Sightings } from './watch.ts'
import { LIMITS } from './workload.ts'

/** What a night of chaos came to. Every list of `faults` must be empty. */
export type ChaosLedger = {
  seed: number
  seconds: number
  ok: boolean
  runs: { created: number } & Partial<Record<string, number>>
  starts: number
  finishes: number
  killed: number
  taskStarts: number
  /** Most slots in use at any moment, by the marks of the holders. */
  peaks: Record<string, number>
  faults: Record<'overAdmissions' | 'leaks' | 'lost' | 'doubled' | 'ledger' | 'refusals', string[]>
  doctor: { ok: boolean; text: string }
  /** null: some run never ended. */
  drainSeconds: number | null
  /** From a freed slot to the next grant of its limit, for those who waited. */
  handOverMs: { p50: number; p95: number }
  deadlocks: number
}

const MOST_SHOWN = 12
const listed = (counts: Record<string, number | undefined>, write: (name: string, n: number) => string): string =>
  Object.entries(counts)
    .map(([name, n]) => write(name, n ?? 0))
    .join(', ')
const mostOf = (wanted: string): number | null | undefined => LIMITS.find(({ name }) => name === wanted)?.most

export const printLedger = (ledger: ChaosLedger, deeds: Deeds, blows: Blows, sightings: Sightings): void => {
  const { created, ...states } = ledger.runs
  const { faults, handOverMs } = ledger
  const lines: [string, string | number][] = [
    ['runs', `${created} created, ${listed(states, (state, n) => `${n} ${state.toLowerCase()}`)}`],
    ['people', `${deeds.cancels} cancels, ${deeds.releases} slots taken back, ${deeds.changes} limits changed`],
    ['kill -9', `${listed(blows.kills, (kind, n) => `${n} ${kind}s`)}; ${blows.cuts} connections cut`],
    ['starts', `${ledger.starts} of runs, ${ledger.taskStarts} of task runs`],
    ['finishes', `${ledger.finishes} of runs; ${ledger.killed} executions died with their agent`],
    ['at most', listed(ledger.peaks, (name, peak) => `${name} ${peak}/${mostOf(name)}`)],
    ['watched', `${sightings.samples} samples, ${sightings.ledgers} ledgers; longest line ${sightings.longest}`],
    ['drained', ledger.drainSeconds === null ? 'NOT: some run never ended' : `in ${ledger.drainSeconds.toFixed(1)} s`],
    ['hand-over', `p50 ${handOverMs.p50.toFixed(0)} ms, p95 ${handOverMs.p95.toFixed(0)} ms`],
    ['over-admissions', faults.overAdmissions.length],
    ['leaks', faults.leaks.length],
    ['lost', faults.lost.length],
    ['doubled', faults.doubled.length],
    ['deadlocks', ledger.deadlocks],
    ['doctor', ledger.doctor.text],
  ]
  const title = ledger.ok ? 'ledger: it adds up' : `ledger: it does NOT add up; TOWLINE_CHAOS_SEED=${ledger.seed}`
  const wrong = Object.entries(faults).flatMap(([kind, texts]) => texts.slice(0, MOST_SHOWN).map((text) => `  ✗ ${kind}: ${text}`))
  process.stdout.write([title, ...lines.map(([name, text]) => `  ${name.padEnd(17)} ${text}`), ...wrong, ''].join('\n'))
}
