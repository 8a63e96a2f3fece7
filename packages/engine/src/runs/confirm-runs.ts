import type { AttemptRef } from '@towline/contract/frames'
import { isFinal, typeOf } from '@towline/contract/states'
import type { EngineContext } from '../context.ts'
import { runTransaction } from './life/run-transaction.ts'

export type ConfirmItem = AttemptRef & { agentId: string }

/**
 * May these attempts be launched? Only what is in `ok`: the rest was fenced, has ended, or its cancel came first. A repeat gives the same
 * answer. Nothing runs before this, so a run whose attempt is not confirmed can be cancelled or given away at once.
 */
export const confirmRuns = async (
  ctx: EngineContext,
  items: readonly ConfirmItem[],
): Promise<{ ok: AttemptRef[]; stale: AttemptRef[] }> => {
  if (items.length === 0) return { ok: [], stale: [] }
  return await runTransaction(ctx, async (work) => {
    const answer: { ok: AttemptRef[]; stale: AttemptRef[] } = { ok: [], stale: [] }
    const book = await work.lock(items.map((item) => item.runId))
    for (const { agentId, runId, attempt } of items) {
      const run = book.get(runId)
      const mine = run !== undefined && run.agentId === agentId
      const decision = mine ? book.propose(runId, { cause: { kind: 'confirm' }, attempt, transitionId: null }) : null
      const state = book.get(runId)?.state
      const ok = decision?.kind === 'accepted' && state !== undefined && typeOf(state) !== 'CANCELLING' && !isFinal(typeOf(state))
      answer[ok ? 'ok' : 'stale'].push({ runId, attempt })
    }
    return answer
  })
}
