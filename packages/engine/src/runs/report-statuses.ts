import type { RunStatus } from '@towline/contract/frames'
import type { JsonObject } from '@towline/contract/json'
import { causeOfStatus } from '@towline/core/run/report-proposals'
import type { EngineContext } from '../context.ts'
import type { AttemptPatch } from './life/run-book.ts'
import { runTransaction } from './life/run-transaction.ts'

export type StatusReport = { reportId: string; runId: string; attempt: number; at: number; status: RunStatus }
export type StatusItem = { agentId: string; workspaceId: string; report: StatusReport }

/**
 * accepted: it took effect, or had before, or the run has ended and only facts of the attempt were noted. stale: the attempt was replaced.
 * not_found: no such run in that workspace. Each of them is the last word: the agent may forget the report.
 */
export type StatusOutcome = { reportId: string; kind: 'accepted' | 'stale' | 'not_found' }

/** A report id is unique within its attempt, a transition id within its run. */
const transitionIdOf = ({ attempt, reportId }: StatusReport): string => `${attempt}:${reportId}`

/** What agents say of their attempts; items of any runs and tenants in one transaction. Answers are in the order of the items. */
export const reportStatuses = async (ctx: EngineContext, items: readonly StatusItem[]): Promise<StatusOutcome[]> => {
  if (items.length === 0) return []
  return await runTransaction(ctx, async (work) => {
    const book = await work.lock(
      items.map(({ report }) => report.runId),
      items.map(({ report }) => transitionIdOf(report)),
    )
    return items.map(({ agentId, workspaceId, report }): StatusOutcome => {
      const { reportId, runId, attempt, status } = report
      const run = book.get(runId, workspaceId)
      if (!run) return { reportId, kind: 'not_found' }
      const patch = patchOf(status, work.now)
      const current = attempt === run.attempt
      if (current && run.attemptAgentId !== agentId) return { reportId, kind: 'stale' }
      if (patch && current) book.patchAttempt(runId, attempt, patch)
      else if (patch && attempt < run.attempt) book.patchAttempt(runId, attempt, { ...patch, agentId })
      const proposal = { cause: causeOfStatus(status), attempt, transitionId: transitionIdOf(report) }
      const decision = book.propose(runId, proposal, { detail: detailOf(report) })
      return { reportId, kind: decision.kind === 'stale' ? 'stale' : 'accepted' }
    })
  })
}

const patchOf = (status: RunStatus, now: Date): AttemptPatch | null => {
  switch (status.kind) {
    case 'launching':
      return { launchedAt: now }
    case 'started':
      return { infrastructure: status.infrastructure }
    case 'exited':
      return {
        exitCode: status.exit.exitCode,
        signal: status.exit.signal,
        ...(status.infrastructure && { infrastructure: status.infrastructure }),
      }
    case 'failed-to-launch':
      return { failure: status.failure }
    default:
      return null
  }
}

/** The agent's clock is kept as a fact. The order and the time of events are the server's. */
const detailOf = ({ at, status }: StatusReport): JsonObject => {
  const detail: JsonObject = { agentAt: at }
  if (status.kind === 'exited') Object.assign(detail, { ...status.exit, cause: status.cause })
  if (status.kind === 'failed-to-launch') Object.assign(detail, { reason: status.failure.reason })
  return detail
}
