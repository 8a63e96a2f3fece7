import { AppError } from '@towline/contract/app-error'
import { reuseWords } from '@towline/contract/reuse-words'
import { type StateName, typeOf } from '@towline/contract/states'
import type { RetryMode, ReusableView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { countReusable } from '../run-views/count-reusable.ts'
import type { RunCommand } from './cancel-run.ts'
import type { LockedRun } from './life/locked-run.ts'
import { type RunTransaction, runTransaction } from './life/run-transaction.ts'
import hasQueueText from './sql/has-queue.sql'
import keepQueueText from './sql/keep-queue.sql'
import setReuseText from './sql/set-reuse.sql'

const keepQueue = statement('keep-queue', keepQueueText)
const hasQueue = statement('has-queue', hasQueueText)
const setReuse = statement('set-reuse', setReuseText)

export type RetryCommand = RunCommand & { mode?: RetryMode }
type Retried = { kind: 'accepted'; state: StateName; reusable: ReusableView | null }

/**
 * Runs a run again that has ended, whatever its end was: the same run with the same version and parameters, SCHEDULED at once, with its next attempt
 * number and both retry budgets whole. Events, attempts and logs so far stay; only the result and the times of the last life are cleared. Where its queue was deleted
 * in the meantime, it goes to the pool's `default`; where its pool was, it is refused. `from-failed`: task runs that finished are not executed again, in this and the automatic
 * retries that follow from it; a plain retry ends that.
 */
export const retryRun = async (ctx: EngineContext, { workspaceId, runId, actor, mode = 'all' }: RetryCommand): Promise<Retried> =>
  runTransaction(ctx, async (work) => {
    const book = await work.lock([runId])
    const run = book.get(runId, workspaceId)
    if (!run) throw new AppError('not_found', 'There is no such run in this workspace.')
    const reuse = mode === 'from-failed'
    const decision = book.propose(runId, { cause: { kind: 'retry', actor, reuse }, attempt: null, transitionId: null })
    if (decision.kind !== 'accepted')
      throw new AppError('conflict', `${run.runName} has not ended yet (${run.state}). Cancel it first, or wait for its end.`)
    const reusable = reuse ? await reusableOf(work, run) : null
    const [, place] = await work.send([
      { ...keepQueue, values: [workspaceId, runId] },
      { ...hasQueue, values: [workspaceId, runId] },
      { ...setReuse, values: [workspaceId, runId, reuse] },
    ])
    if (!(place?.rows[0] as { kept: boolean } | undefined)?.kept)
      throw new AppError(
        'conflict',
        `The work pool of ${run.runName} was deleted: nobody would take it. Start a new run of its deployment.`,
      )
    const state = book.get(runId)?.state ?? run.state
    const subject = { kind: 'run' as const, id: runId, name: run.runName }
    const text = reuse ? `ran ${run.runName} again from its failure` : `ran ${run.runName} again`
    await recordChange(ctx, work.tx, { workspaceId, action: 'run.retry', subject, text, before: { state: run.state }, after: { state } })
    return { kind: 'accepted', state, reusable }
  })

/** Whoever asks to go on from the failure does not want everything to run again: without a result to go on from it is refused. */
const reusableOf = async (work: RunTransaction, { id, workspaceId, runName, state }: LockedRun): Promise<ReusableView> => {
  if (typeOf(state) === 'COMPLETED')
    throw new AppError('conflict', `${runName} has completed: nothing of it failed. Retry all of it instead.`)
  const reusable = await countReusable(work.tx, { workspaceId, runId: id })
  if (reusable && reusable.tasks > 0) return reusable
  const why = reusable ? reuseWords(reusable) : 'No task of it has finished.'
  throw new AppError('conflict', `${runName} has no result to reuse. ${why} Retry all of it instead.`)
}
