import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { runTransaction } from './life/run-transaction.ts'
import lockEndedLeasesText from './sql/lock-ended-leases.sql'

const lockEndedLeases = statement('lock-ended-leases', lockEndedLeasesText)
const BATCH = 500

/**
 * Attempts whose agent was silent for a whole lease: not started yet, the run goes back to its queue at no cost; started, it is restarted
 * within the infrastructure's budget or has crashed; cancelling, it is cancelled. Any number of schedulers may do this at once.
 * `endedBefore` lets a scheduler spare agents that could not have sent heartbeats.
 */
export const expireLeases = async (
  ctx: EngineContext,
  { endedBefore }: { endedBefore?: Date } = {},
): Promise<{ expired: number; more: boolean }> =>
  runTransaction(ctx, async (work) => {
    const [locked] = await work.send([{ ...lockEndedLeases, values: [endedBefore ?? work.now, BATCH] }])
    const ids = ((locked?.rows ?? []) as { id: string }[]).map((row) => row.id)
    if (ids.length === 0) return { expired: 0, more: false }
    const book = await work.lock(ids)
    for (const id of ids) {
      const message = `The agent ${book.get(id)?.agentName} stopped answering, so its lease ended`
      const cause = { kind: 'lost' as const, message }
      const decision = book.propose(id, { cause, attempt: null, transitionId: null })
      if (decision.kind !== 'accepted') throw new Error(`Run ${id} has a lease that cannot end: ${decision.rule}`)
    }
    return { expired: ids.length, more: ids.length === BATCH }
  })
