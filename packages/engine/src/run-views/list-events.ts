import type { JsonObject } from '@towline/contract/json'
import type { StateName } from '@towline/contract/states'
import type { RunEventView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import { idDay } from '@towline/service/id-time'
import type { EngineContext } from '../context.ts'
import text from './sql/list-events.sql'

/** `withTasks`: events of task runs too; a run with 10,000 of them has 20,000 such events, and lists of task runs say the same. */
type Input = { workspaceId: string; runId: string; after: number; limit: number; withTasks: boolean }
type Row = {
  seq: number
  at: Date
  kind: RunEventView['kind']
  attempt: number
  state: StateName | null
  message: string | null
  detail: JsonObject | null
}

const list = statement('list-events', text)

/** Events after a sequence number, oldest first. The number is given under the run's row lock, so nothing appears below one that was seen. */
export const listEvents = (ctx: EngineContext, input: Input): Promise<RunEventView[]> =>
  tenantTransaction(ctx.db, input.workspaceId, (tx) => readEvents(tx, input))

export const readEvents = async (tx: Tx, { workspaceId, runId, after, limit, withTasks }: Input): Promise<RunEventView[]> => {
  const { rows } = await tx.query<Row>({ ...list, values: [workspaceId, idDay(runId), runId, after, limit, withTasks] })
  return rows
}
