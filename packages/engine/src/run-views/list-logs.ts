import type { LogLevel, LogStream } from '@towline/contract/frames'
import type { LogCursor, LogLineView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import { idDay } from '@towline/service/id-time'
import type { EngineContext } from '../context.ts'
import text from './sql/list-logs.sql'

type Input = { workspaceId: string; runId: string; cursor: LogCursor; limit: number }
export type LogPage = { lines: LogLineView[]; cursor: LogCursor; more: boolean }
type Row = { attempt: number; stream: LogStream; seq: number; at: Date; level: LogLevel | null; task: string | null; text: string }

const list = statement('list-logs', text)

/** The lines after a cursor, merged by time. Within a stream they keep their order and none is left out, whatever its clock did. */
export const listLogs = (ctx: EngineContext, input: Input): Promise<LogPage> =>
  tenantTransaction(ctx.db, input.workspaceId, (tx) => readLogs(tx, input))

export const readLogs = async (tx: Tx, { workspaceId, runId, cursor, limit }: Input): Promise<LogPage> => {
  const known = Object.entries(cursor).map(([stream, seq]) => ({
    attempt: Number(stream.split('/')[0]),
    stream: stream.split('/')[1],
    seq,
  }))
  const arrays = [known.map((entry) => entry.attempt), known.map((entry) => entry.stream), known.map((entry) => entry.seq)]
  const { rows } = await tx.query<Row>({ ...list, values: [workspaceId, idDay(runId), runId, ...arrays, limit + 1] })
  const lines = rows.slice(0, limit)
  const next = { ...cursor }
  for (const line of lines) next[`${line.attempt}/${line.stream}`] = line.seq
  return { lines, cursor: next, more: rows.length > limit }
}
