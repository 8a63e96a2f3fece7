import { statement } from '@towline/db/statement'
import type { RunTransaction } from '../runs/life/run-transaction.ts'
import freeSlotsText from './sql/free-slots.sql'
import lockHeldLimitsText from './sql/lock-held-limits.sql'

const lockHeldLimits = statement('lock-held-limits', lockHeldLimitsText)
const freeSlots = statement('free-slots', freeSlotsText)

export type Ended = { runIds: readonly string[]; tasks: readonly { runId: string; key: string }[] }

/**
 * Takes away the slots and the places in line of runs and task runs that are over; the transaction that ends them holds their runs. The limits are
 * locked before anything is deleted or any line is read: otherwise whoever joins a line at this moment is never called.
 */
export const freeHolders = async (work: Pick<RunTransaction, 'send' | 'now'>, { runIds, tasks }: Ended): Promise<string[]> => {
  const whose = [runIds, tasks.map((task) => task.runId), tasks.map((task) => task.key)]
  const [locked] = await work.send([{ ...lockHeldLimits, values: whose }])
  await work.send([{ ...freeSlots, values: [...whose, work.now] }])
  return ((locked?.rows ?? []) as { id: string }[]).map((row) => row.id)
}
