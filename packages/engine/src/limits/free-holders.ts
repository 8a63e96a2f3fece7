import { statement } from '@towline/db/statement'
import type { Query } from '../runs/life/query.ts'
import type { RunTransaction } from '../runs/life/run-transaction.ts'
import { slotNotice } from './slot-notice.ts'
import freeSlotsText from './sql/free-slots.sql'
import lockHeldLimitsText from './sql/lock-held-limits.sql'

export const lockHeldLimits = statement('lock-held-limits', lockHeldLimitsText)
const freeSlots = statement('free-slots', freeSlotsText)

export type Ended = {
  runIds: readonly string[]
  tasks: readonly { runId: string; key: string }[]
  /** What must be written before, in the same round trip. */
  writes?: readonly Query[]
}

/** `borrowers`: notices for task runs whose run has something to lend them now. */
type Freed = { limitIds: string[]; borrowers: string[] }
/** `left`: a slot of somebody who is over is still there, as it was lent by another who is over, and goes in the next round. */
type FreedRow = { run_id: string; task_key: string | null; left: boolean }

/**
 * Takes away the slots and the places in line of runs and task runs that are over; the transaction that ends them holds their runs. The limits are
 * locked before anything is deleted or any line is read: otherwise whoever joins a line at this moment is never called. All of it goes out together,
 * yet each statement sees what was there when it began, so the one that deletes begins when the locks are held.
 */
export const freeHolders = async (work: Pick<RunTransaction, 'send' | 'now'>, { runIds, tasks, writes = [] }: Ended): Promise<Freed> => {
  if (runIds.length + tasks.length === 0) {
    if (writes.length > 0) await work.send([...writes])
    return { limitIds: [], borrowers: [] }
  }
  const whose = [runIds, tasks.map((task) => task.runId), tasks.map((task) => task.key)]
  const free = { ...freeSlots, values: [...whose, work.now] }
  const answers = await work.send([...writes, { ...lockHeldLimits, values: whose }, free])
  const borrowers: string[] = []
  for (let rows = (answers.at(-1)?.rows ?? []) as FreedRow[]; ; ) {
    for (const { run_id, task_key } of rows) if (task_key !== null) borrowers.push(slotNotice(run_id, task_key))
    if (!rows.some((row) => row.left)) break
    rows = ((await work.send([free]))[0]?.rows ?? []) as FreedRow[]
  }
  return { limitIds: ((answers.at(-2)?.rows ?? []) as { id: string }[]).map((row) => row.id), borrowers }
}
