import { AppError } from '@towline/contract/app-error'
import type { StateName } from '@towline/contract/states'
import { statement } from '@towline/db/statement'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import type { RunCommand } from './cancel-run.ts'
import { runTransaction } from './life/run-transaction.ts'
import keepQueueText from './sql/keep-queue.sql'

const keepQueue = statement('keep-queue', keepQueueText)

/**
 * Runs a run again that has ended, whatever its end was: the same run with the same version and parameters, SCHEDULED at once, with its next attempt
 * number and both retry budgets whole. Events, attempts and logs so far stay; only the result and the times of the last life are cleared. Where its queue was deleted
 * in the meantime, it goes to the pool's `default`.
 */
export const retryRun = async (
  ctx: EngineContext,
  { workspaceId, runId, actor }: RunCommand,
): Promise<{ kind: 'accepted'; state: StateName }> =>
  runTransaction(ctx, async (work) => {
    const book = await work.lock([runId])
    const run = book.get(runId, workspaceId)
    if (!run) throw new AppError('not_found', 'There is no such run in this workspace.')
    const decision = book.propose(runId, { cause: { kind: 'retry', actor }, attempt: null, transitionId: null })
    if (decision.kind !== 'accepted')
      throw new AppError('conflict', `${run.runName} has not ended yet (${run.state}). Cancel it first, or wait for its end.`)
    await work.send([{ ...keepQueue, values: [workspaceId, runId] }])
    const state = book.get(runId)?.state ?? run.state
    const subject = { kind: 'run' as const, id: runId, name: run.runName }
    const change = { before: { state: run.state }, after: { state } }
    await recordChange(ctx, work.tx, { workspaceId, action: 'run.retry', subject, text: `ran ${run.runName} again`, ...change })
    return { kind: 'accepted', state }
  })
