import type { RunSummary } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import { PRESENCE_SECONDS } from '../pools/presence.ts'
import { LINE_CAP } from './explain-waiting.ts'
import { type RunRow, runSummary } from './run-row.ts'
import text from './sql/read-run-summaries.sql'

const read = statement('read-run-summaries', text)

/** Summaries of the runs with these ids, newest first; ids of others are left out. */
export const readRunSummaries = async (
  tx: Tx,
  { workspaceId, ids, now }: { workspaceId: string; ids: string[]; now: Date },
): Promise<RunSummary[]> => {
  if (ids.length === 0) return []
  const { rows } = await tx.query<RunRow>({ ...read, values: [workspaceId, ids, now, PRESENCE_SECONDS, LINE_CAP] })
  return rows.map((row) => runSummary(row, now))
}
