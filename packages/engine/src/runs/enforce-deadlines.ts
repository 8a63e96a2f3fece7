import { DEFAULT_GRACE_SECONDS } from '@towline/contract/run-spec'
import { typeOf } from '@towline/contract/states'
import { waitText } from '@towline/core/run/words'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import type { LockedRun } from './life/locked-run.ts'
import { runTransaction } from './life/run-transaction.ts'
import findOverdueRunsText from './sql/find-overdue-runs.sql'

const findOverdueRuns = statement('find-overdue-runs', findOverdueRunsText)
const BATCH = 500

/** An agent keeps these times itself. Beyond them, and the grace of a run, its report may take this long to arrive. */
const SLACK_SECONDS = 60

/**
 * Attempts that must have started, or have ended, and of which their agent says nothing although it renews their leases (a dead agent's leases
 * end by themselves): its container engine hangs, its clock stands still, or it does not know of timeouts. The attempt is fenced, and the next
 * heartbeat tells the agent to kill it. `fair`: could agents have reported? While no gateway is there, nobody is overdue.
 */
export const enforceDeadlines = async (
  ctx: EngineContext,
  { fair = true }: { fair?: boolean } = {},
): Promise<{ ended: number; more: boolean }> => {
  if (!fair) return { ended: 0, more: false }
  const before = new Date(ctx.clock.now().getTime() - SLACK_SECONDS * 1000)
  const { rows } = await ctx.db.enginePool.query<{ id: string }>({ ...findOverdueRuns, values: [before, DEFAULT_GRACE_SECONDS, BATCH] })
  if (rows.length === 0) return { ended: 0, more: false }
  return await runTransaction(ctx, async (work) => {
    const book = await work.lock(rows.map((row) => row.id))
    let ended = 0
    for (const { id } of rows) {
      const run = book.get(id)
      // What was found before the lock may have started, ended or begun anew since.
      if (!run?.deadlineAt || run.deadlineAt >= before) continue
      if (typeOf(run.state) === 'PENDING') book.patchAttempt(id, run.attempt, { failure: startTimeoutOf(run) })
      const cause = { kind: 'overdue' as const, message: textOf(run) }
      if (book.propose(id, { cause, attempt: null, transitionId: null }).kind === 'accepted') ended += 1
    }
    return { ended, more: rows.length === BATCH && ended > 0 }
  })
}

const textOf = (run: LockedRun): string =>
  typeOf(run.state) === 'PENDING'
    ? `StartTimeout: ${startTimeoutOf(run).message}`
    : `Ran longer than its timeout of ${waitText((run.timeoutSeconds ?? 0) * 1000)}, and the agent ${run.agentName} did not end it. It is told to kill it`

const startTimeoutOf = (run: LockedRun) => ({
  reason: 'StartTimeout' as const,
  message: `It did not start in its time, and the agent ${run.agentName} did not say why.`,
  evidence: run.message ? `last step: ${run.message}` : '',
})
