import type { JsonObject } from '@towline/contract/json'
import type { StateName } from '@towline/contract/states'
import type { RunEventView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import { idDay } from '@towline/service/id-time'
import type { EngineContext } from '../context.ts'
import text from './sql/list-events.sql'

type Input = { workspaceId: string; runId: string; after: number; limit: number }
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

export const readEvents = async (tx: Tx, { workspaceId, runId, after, limit }: Input): Promise<RunEventView[]> => {
  const { rows } = await tx.query<Row>({ ...list, values: [workspaceId, idDay(runId), runId, after, limit] })
  return rows
}
