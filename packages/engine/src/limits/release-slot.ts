import { AppError } from '@towline/contract/app-error'
import type { LimitRef } from '@towline/contract/limit-views'
import { typeOf } from '@towline/contract/states'
import { statement } from '@towline/db/statement'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { runTransaction } from '../runs/life/run-transaction.ts'
import { limitSubject, whatOf } from './audit-limit.ts'
import { findLimit } from './find-limit.ts'
import { readLimits } from './list-limits.ts'
import findSlotText from './sql/find-slot.sql'

const findSlot = statement('find-slot', findSlotText)

export type ReleaseSlot = { workspaceId: string; limit: LimitRef; slotId: string; reason: string; actor: string }

type Slot = { run_id: string; task_key: string | null; name: string }
const free = (): AppError => new AppError('not_found', 'This slot is free already.')

/**
 * Frees a slot by stopping its holder: the reason is kept in the history of the run, its agent is told to stop it, and the slot is free when
 * it has stopped (or its lease has ended). A slot is never taken from somebody who goes on, as then there would be one more than the limit allows.
 */
export const releaseSlot = async (
  ctx: EngineContext,
  { workspaceId, limit, slotId, reason, actor }: ReleaseSlot,
): Promise<{ runId: string; runName: string }> => {
  const limitId = await findLimit(ctx.db, { workspaceId, limit })
  const find = { ...findSlot, values: [workspaceId, limitId, slotId] }
  const holder = (await ctx.db.enginePool.query<Slot>(find)).rows[0]
  if (!holder) throw free()
  return await runTransaction(ctx, async (work) => {
    const book = await work.lock([holder.run_id])
    const run = book.get(holder.run_id, workspaceId)
    // Again, under the lock of its run: a task run may have given it back meanwhile, and its run goes on then.
    const slot = (await work.send([find]))[0]?.rows[0] as Slot | undefined
    if (!run || !slot) throw free()
    if (!run.leased) throw new AppError('conflict', 'Its holder has ended in this moment, so the slot is free already.')
    if (typeOf(run.state) === 'CANCELLING')
      throw new AppError('conflict', `${run.runName} is being stopped already. Its slot is free as soon as it has stopped.`)
    const whose = slot.task_key === null ? '' : ` of the task ${slot.task_key}`
    const message = `${actor} took the slot of ${slot.name}${whose} back: ${reason}`
    book.addEvent(run.id, {
      kind: 'note',
      attempt: run.attempt,
      state: null,
      message,
      detail: { limitId, reason, actor },
      transitionId: null,
    })
    const decision = book.propose(run.id, { cause: { kind: 'cancel', actor: `${actor} (${reason})` }, attempt: null, transitionId: null })
    if (decision.kind !== 'accepted') throw new AppError('conflict', 'Its holder has ended in this moment, so the slot is free already.')
    const [bound] = await readLimits(work.tx, { workspaceId, limitId })
    if (bound)
      await recordChange(ctx, work.tx, {
        workspaceId,
        action: 'limit.release',
        subject: limitSubject(bound),
        text: `took the slot of ${whatOf(bound)} back from ${run.runName}${whose}, which is stopped for it`,
        before: { holder: run.runName, runId: run.id, ...(slot.task_key !== null && { task: slot.task_key }) },
        reason,
      })
    return { runId: run.id, runName: run.runName }
  })
}
