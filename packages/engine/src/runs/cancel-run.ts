import { AppError } from '@towline/contract/app-error'
import type { StateName } from '@towline/contract/states'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { runTransaction } from './life/run-transaction.ts'

export type RunCommand = { workspaceId: string; runId: string; actor: string }

/**
 * Asks a run to stop. What no agent may launch yet is CANCELLED at once; what an agent holds is CANCELLING until the agent has killed it (or its
 * lease has ended). Asking again changes nothing. A run that ended otherwise is a conflict.
 */
export const cancelRun = async (
  ctx: EngineContext,
  { workspaceId, runId, actor }: RunCommand,
): Promise<{ kind: 'accepted'; state: StateName }> =>
  runTransaction(ctx, async (work) => {
    const book = await work.lock([runId])
    const run = book.get(runId, workspaceId)
    if (!run) throw new AppError('not_found', 'There is no such run in this workspace.')
    const decision = book.propose(runId, { cause: { kind: 'cancel', actor }, attempt: null, transitionId: null })
    if (decision.kind !== 'accepted')
      throw new AppError('conflict', `${run.runName} has ended already (${run.state}): there is nothing to cancel.`)
    const state = book.get(runId)?.state ?? run.state
    if (state !== run.state) {
      const subject = { kind: 'run' as const, id: runId, name: run.runName }
      const change = { before: { state: run.state }, after: { state } }
      await recordChange(ctx, work.tx, { workspaceId, action: 'run.cancel', subject, text: `cancelled the run ${run.runName}`, ...change })
    }
    return { kind: 'accepted', state }
  })
