import { DEFAULT_GRACE_SECONDS } from '@towline/contract/run-spec'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { runTransaction } from './life/run-transaction.ts'
import findSlowCancelsText from './sql/find-slow-cancels.sql'

const findSlowCancels = statement('find-slow-cancels', findSlowCancelsText)

/** After this the agent is told again: the first notice may have been lost. */
const REMIND_AFTER_SECONDS = 10
/** Beyond the grace of the run. Then the attempt is fenced, and the next heartbeat tells its agent to kill it. */
const FORCE_AFTER_SECONDS = 60

/**
 * Cancels that take too long although the agent lives (a dead agent's lease ends by itself): reminds the gateway that holds its socket, and
 * in the end gives up waiting. `fair`: could agents have confirmed? While no gateway is there, what may still run keeps its slots.
 */
export const enforceCancels = async (
  ctx: EngineContext,
  { fair = true }: { fair?: boolean } = {},
): Promise<{ reminded: number; forced: number }> => {
  const now = ctx.clock.now().getTime()
  const { rows } = await ctx.db.enginePool.query<{ id: string; cancel_requested_at: Date; grace_seconds: number }>({
    ...findSlowCancels,
    values: [new Date(now - REMIND_AFTER_SECONDS * 1000), DEFAULT_GRACE_SECONDS],
  })
  const isOver = (row: (typeof rows)[number]): boolean =>
    row.cancel_requested_at.getTime() + (row.grace_seconds + FORCE_AFTER_SECONDS) * 1000 < now
  const over = rows.filter(isOver)
  const slow = rows.filter((row) => !isOver(row)).map((row) => row.id)
  if (slow.length > 0) ctx.bus.publish('cancel', slow)
  if (over.length === 0 || !fair) return { reminded: slow.length, forced: 0 }
  const forced = await runTransaction(ctx, async (work) => {
    const book = await work.lock(over.map((row) => row.id))
    return over.filter(({ id, cancel_requested_at }) => {
      const run = book.get(id)
      // What was found before the lock may have ended, begun anew, and be another cancel by now.
      if (run?.cancelRequestedAt?.getTime() !== cancel_requested_at.getTime()) return false
      const message = `The agent ${run.agentName} did not confirm in time that it has stopped; it is told to kill it when it is heard of next`
      return book.propose(id, { cause: { kind: 'force-cancel', message }, attempt: null, transitionId: null }).kind === 'accepted'
    }).length
  })
  return { reminded: slow.length, forced }
}
