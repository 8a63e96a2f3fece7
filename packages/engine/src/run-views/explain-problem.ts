import { type Account, accountSchema, LAUNCH_REMEDIES, PROBLEM_REMEDIES } from '@towline/contract/problems'
import { isFinal } from '@towline/contract/states'
import type { AttemptView, ProblemView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import { idDay } from '@towline/service/id-time'
import type { RunRow } from './run-row.ts'
import text from './sql/read-account.sql'

const readAccount = statement('read-account', text)

type Asked = {
  workspaceId: string
  runId: string
  run: Pick<RunRow, 'state_type' | 'state_name' | 'state_message' | 'state_at' | 'attempt'>
  /** Retries and restarts of this life of the run: one that was retried by hand has a clean sheet. */
  retriesSpent: number
  attempts: readonly AttemptView[]
}

/** What went wrong last, as long as it matters: of a run that ended so, or that is tried again because of it. */
export const readProblem = async (tx: Tx, { workspaceId, runId, run, retriesSpent, attempts }: Asked): Promise<ProblemView | null> => {
  const over = isFinal(run.state_type)
  if (run.state_type === 'COMPLETED' || (!over && retriesSpent === 0)) return null
  const { rows } = await tx.query<{ attempt: number; at: Date; account: unknown }>({
    ...readAccount,
    values: [workspaceId, idDay(runId), runId],
  })
  const row = rows[0]
  if (!row) return null
  const account = accountSchema.parse(row.account)
  const failure = attempts.find((one) => one.number === row.attempt)?.failure ?? null
  return { ...account, attempt: row.attempt, at: row.at, remedy: remedyOf(account, failure, over) }
}

const TRIED_AGAIN =
  'It goes on by itself. If another attempt cannot help (its last log lines say more), cancel it and deploy corrected code.'

const remedyOf = ({ reason }: Account, failure: AttemptView['failure'], over: boolean): string | null => {
  if (reason === 'launch') return LAUNCH_REMEDIES[failure?.reason ?? 'Unknown']
  return reason === 'failed' && !over ? TRIED_AGAIN : PROBLEM_REMEDIES[reason]
}
