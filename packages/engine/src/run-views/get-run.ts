import { AppError } from '@towline/contract/app-error'
import type { JsonObject, JsonValue } from '@towline/contract/json'
import type { RetryPolicy } from '@towline/contract/manifest'
import { DEFAULT_GRACE_SECONDS, type JobVariables } from '@towline/contract/run-spec'
import type { AttemptView, RunDetail } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { canReuse, countReusable } from './count-reusable.ts'
import { readProblem } from './explain-problem.ts'
import { explainGates } from './explain-waiting.ts'
import { readRunRows } from './read-run-summaries.ts'
import { findRun } from './resolve-run.ts'
import { runSummary } from './run-row.ts'
import attemptsText from './sql/list-attempts.sql'
import detailText from './sql/read-run-detail.sql'

type DetailRow = {
  parameters: JsonObject
  variables: JobVariables
  created_by: string
  retried_from_id: string | null
  timeout_seconds: number | null
  grace_seconds: number
  cancel_requested_at: Date | null
  result: JsonValue
  event_seq: number
  reuses: boolean
  retries: RetryPolicy
  failures: number
  crashes: number
  version_number: number
}
type AttemptRow = {
  number: number
  agent_id: string
  agent_name: string
  claimed_at: Date
  confirmed_at: Date | null
  started_at: Date | null
  ended_at: Date | null
  outcome: string | null
  exit_code: number | null
  signal: string | null
  infrastructure: AttemptView['infrastructure']
  failure: AttemptView['failure']
}

const readDetail = statement('read-run-detail', detailText)
const listAttempts = statement('list-attempts', attemptsText)

export const getRun = (ctx: EngineContext, { workspaceId, ref }: { workspaceId: string; ref: string }): Promise<RunDetail> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const runId = await findRun(tx, { workspaceId, ref })
    return readRunDetail(tx, { workspaceId, runId, now: ctx.clock.now() })
  })

export const readRunDetail = async (
  tx: Tx,
  { workspaceId, runId, now }: { workspaceId: string; runId: string; now: Date },
): Promise<RunDetail> => {
  const values = [workspaceId, runId]
  const [row] = await readRunRows(tx, { workspaceId, ids: [runId], now })
  const detail = (await tx.query<DetailRow>({ ...readDetail, values: [...values, DEFAULT_GRACE_SECONDS] })).rows[0]
  if (row === undefined || detail === undefined) throw new AppError('not_found', 'There is no such run in this workspace.')
  const attempts = (await tx.query<AttemptRow>({ ...listAttempts, values })).rows.map(attemptView)
  const problem = await readProblem(tx, { workspaceId, runId, run: row, retriesSpent: detail.failures + detail.crashes, attempts })
  return {
    ...runSummary(row, now),
    parameters: detail.parameters,
    variables: detail.variables,
    versionNumber: detail.version_number,
    createdBy: detail.created_by,
    retriedFromId: detail.retried_from_id,
    retriesLeft: {
      failures: Math.max(0, detail.retries.failures - detail.failures),
      crashes: Math.max(0, detail.retries.crashes - detail.crashes),
    },
    timeoutSeconds: detail.timeout_seconds,
    graceSeconds: detail.grace_seconds,
    cancelRequestedAt: detail.cancel_requested_at,
    result: detail.result,
    attempts,
    eventSeq: detail.event_seq,
    reuses: detail.reuses,
    reusable: canReuse(row.state_name) ? await countReusable(tx, { workspaceId, runId }) : null,
    gates: explainGates(row, now),
    problem,
  }
}

const attemptView = (row: AttemptRow): AttemptView => ({
  number: row.number,
  agent: { id: row.agent_id, name: row.agent_name },
  claimedAt: row.claimed_at,
  confirmedAt: row.confirmed_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  outcome: row.outcome,
  exitCode: row.exit_code,
  signal: row.signal,
  infrastructure: row.infrastructure,
  failure: row.failure,
})
