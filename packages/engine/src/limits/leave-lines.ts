import { statement } from '@towline/db/statement'
import type { Query } from '../runs/life/query.ts'
import leaveLinesText from './sql/leave-lines.sql'

const leaveLines = statement('leave-lines', leaveLinesText)

/** `taskKey` null: the run itself. Returns `limit_id`s. */
export const leaveLinesQuery = (leaving: readonly { runId: string; taskKey: string | null }[]): Query => ({
  ...leaveLines,
  values: [leaving.map((one) => one.runId), leaving.map((one) => one.taskKey)],
})

/** A row of `park-runs` and `hold-runs`. */
export type HeldRun = { id: string; waited: boolean }

/**
 * Runs that a pause took out of the ready set leave their line. A statement of its own, after the one that locked the runs: it waited for a claim,
 * and what that claim wrote into a line is in no older snapshot. The ids of the limits, whose lines have moved.
 */
export const leaveHeld = async (send: (query: Query) => Promise<{ rows: unknown[] }>, held: readonly HeldRun[]): Promise<string[]> => {
  const waited = held.filter((run) => run.waited)
  if (waited.length === 0) return []
  const { rows } = await send(leaveLinesQuery(waited.map(({ id }) => ({ runId: id, taskKey: null }))))
  return [...new Set((rows as { limit_id: string }[]).map((row) => row.limit_id))]
}
