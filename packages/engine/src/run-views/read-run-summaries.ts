import type { RunSummary } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import { PRESENCE_SECONDS } from '../pools/presence.ts'
import { LINE_CAP } from './explain-waiting.ts'
import { readLimitWaits, waiterKey } from './limit-gates.ts'
import { type RunRow, runSummary } from './run-row.ts'
import text from './sql/read-run-summaries.sql'

const read = statement('read-run-summaries', text)

type Input = { workspaceId: string; ids: string[]; now: Date }

/** The rows of the runs with these ids, newest first, with the facts that explain a wait; ids of others are left out. */
export const readRunRows = async (tx: Tx, { workspaceId, ids, now }: Input): Promise<RunRow[]> => {
  if (ids.length === 0) return []
  const { rows } = await tx.query<Omit<RunRow, 'limit'>>({ ...read, values: [workspaceId, ids, now, PRESENCE_SECONDS, LINE_CAP] })
  const runIds = rows.filter((row) => row.state_name === 'AwaitingSlot' && !row.ready).map((row) => row.id)
  const waits = await readLimitWaits(tx, { workspaceId, runIds, now })
  return rows.map((row) => ({ ...row, limit: waits.get(waiterKey(row.id, null)) ?? null }))
}

export const readRunSummaries = async (tx: Tx, input: Input): Promise<RunSummary[]> =>
  (await readRunRows(tx, input)).map((row) => runSummary(row, input.now))
