import type { TaskState } from '@towline/contract/run-api'
import type { TaskRunView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { readLimitWaits, waiterKey, waitingForLimit } from './limit-gates.ts'
import text from './sql/list-task-runs.sql'

type Input = { workspaceId: string; runId: string; attempt: number | null }
type Row = {
  key: string
  name: string
  attempt: number
  state: TaskState
  message: string | null
  try: number
  tags: string[]
  depends_on: string[]
  reused_from: number | null
  not_reusable: string | null
  created_at: Date
  started_at: Date | null
  ended_at: Date | null
}

const list = statement('list-task-runs', text)

/** In the order in which they were made, attempt by attempt. */
export const listTaskRuns = (ctx: EngineContext, input: Input): Promise<TaskRunView[]> =>
  tenantTransaction(ctx.db, input.workspaceId, (tx) => readTaskRuns(tx, { ...input, now: ctx.clock.now() }))

export const readTaskRuns = async (tx: Tx, { workspaceId, runId, attempt, now }: Input & { now: Date }): Promise<TaskRunView[]> => {
  const { rows } = await tx.query<Row>({ ...list, values: [workspaceId, runId, attempt] })
  const last = Math.max(...rows.map((row) => row.attempt))
  const pending = (row: Row): boolean => row.state === 'PENDING' && row.attempt === last && row.tags.length > 0
  const waits = await readLimitWaits(tx, { workspaceId, runIds: rows.some(pending) ? [runId] : [], now })
  return rows.map((row) => ({
    key: row.key,
    name: row.name,
    attempt: row.attempt,
    state: row.state,
    message: row.message,
    try: row.try,
    tags: row.tags,
    dependsOn: row.depends_on,
    reusedFrom: row.reused_from,
    notReusable: row.not_reusable,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    waiting: pending(row) ? waitingForLimit(waits.get(waiterKey(runId, row.key))) : null,
  }))
}
