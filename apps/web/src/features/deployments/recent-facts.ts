import { isFinal, typeOf } from '@towline/contract/states'
import type { RunBar } from '@towline/contract/views'

export type RecentFacts = { ended: number; completed: number; medianMs: number | null; lastMs: number | null }

/** What the bars say in numbers: outcomes of the runs that ended, and how long those that completed took. */
export const recentFacts = (recent: RunBar[]): RecentFacts => {
  const ended = recent.filter((run) => isFinal(typeOf(run.state)))
  const durations = ended.flatMap((run) => (typeOf(run.state) === 'COMPLETED' && run.durationMs !== null ? [run.durationMs] : []))
  const sorted = [...durations].sort((a, b) => a - b)
  return {
    ended: ended.length,
    completed: ended.filter((run) => typeOf(run.state) === 'COMPLETED').length,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? null,
    lastMs: durations.at(-1) ?? null,
  }
}
