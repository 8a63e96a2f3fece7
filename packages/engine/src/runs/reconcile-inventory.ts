import type { AgentFrame, AttemptRef, FrameOf } from '@towline/contract/frames'
import { statement } from '@towline/db/statement'
import { findCancels } from '../agents/find-cancels.ts'
import type { EngineContext } from '../context.ts'
import { runTransaction } from './life/run-transaction.ts'
import { keyOf, withoutLingering } from './lingering-attempts.ts'
import readLeasesText from './sql/read-leases-of-agent.sql'

const readLeases = statement('read-leases-of-agent', readLeasesText)

export type Inventory = FrameOf<AgentFrame, 'agent.hello.v1'>['inventory']
export type Reconciled = { stale: AttemptRef[]; expected: AttemptRef[]; cancelling: (AttemptRef & { graceSeconds: number })[] }

/**
 * Holds what a (re)connected agent has against what it should have. `stale`: fenced or ended, kill and forget (ended ones with a report that
 * waits are spared: the report is answered). `expected`: leases it does not know of, to be answered with `lost`. An assignment that
 * never reached it (not confirmed) goes back to its queue right here.
 */
export const reconcileInventory = async (
  ctx: EngineContext,
  { agentId, inventory }: { agentId: string; inventory: Inventory },
): Promise<Reconciled> => {
  const { rows } = await ctx.db.enginePool.query<{ id: string; attempt: number }>({ ...readLeases, values: [agentId] })
  const held = rows.map((row) => ({ runId: row.id, attempt: row.attempt }))
  const heldKeys = new Set(held.map(keyOf))
  const presentKeys = new Set(inventory.map(keyOf))
  const unheld = inventory.filter((one) => one.phase !== 'ended' && !heldKeys.has(keyOf(one)))
  const stale = await withoutLingering(ctx, unheld)
  const absent = held.filter((ref) => !presentKeys.has(keyOf(ref)))
  const expected = absent.length > 0 ? await takeBackUnconfirmed(ctx, agentId, absent) : []
  const cancels = held.length > 0 ? await findCancels(ctx, { agentIds: [agentId], runIds: null }) : []
  const cancelling = cancels
    .filter((one) => presentKeys.has(keyOf(one)))
    .map(({ runId, attempt, graceSeconds }) => ({ runId, attempt, graceSeconds }))
  return { stale, expected, cancelling }
}

/** Gives back what was never confirmed; what remains was (or may have been) launched, and only the agent can say what became of it. */
const takeBackUnconfirmed = async (ctx: EngineContext, agentId: string, absent: readonly AttemptRef[]): Promise<AttemptRef[]> =>
  runTransaction(ctx, async (work) => {
    const book = await work.lock(absent.map((ref) => ref.runId))
    return absent.filter(({ runId, attempt }) => {
      const run = book.get(runId)
      if (!run || run.agentId !== agentId || run.attempt !== attempt) return false
      if (run.confirmedAt !== null || run.attemptStartedAt !== null) return true
      const cause = { kind: 'returned' as const, message: 'The assignment never reached the agent' }
      book.propose(runId, { cause, attempt, transitionId: null })
      return false
    })
  })
