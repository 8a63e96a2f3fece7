import { isFinal, type StateName, typeOf } from '@towline/contract/states'
import type { ReusableView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import text from './sql/count-reusable.sql'

const count = statement('count-reusable', text)

/** A run that completed has nothing left to do, and one that goes on is not retried. */
export const canReuse = (state: StateName): boolean => isFinal(typeOf(state)) && typeOf(state) !== 'COMPLETED'

/** What a retry from failed would take over; null: no task of the run has finished (or its code is a command without tasks). */
export const countReusable = async (
  tx: Pick<Tx, 'query'>,
  { workspaceId, runId }: { workspaceId: string; runId: string },
): Promise<ReusableView | null> => {
  const { rows } = await tx.query<{ reason: string | null; tasks: number }>({ ...count, values: [workspaceId, runId] })
  if (rows.length === 0) return null
  return {
    tasks: rows.find((row) => row.reason === null)?.tasks ?? 0,
    others: rows.flatMap(({ reason, tasks }) => (reason === null ? [] : [{ reason, tasks }])),
  }
}
