import { AppError } from '@towline/contract/app-error'
import { inputHashSchema, type PastResult, type PastResults, taskKeySchema } from '@towline/contract/run-api'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import readTaskResultsText from './sql/read-task-results.sql'

const read = statement('read-task-results', readTaskResultsText)

export type ResultsQuestion = { workspaceId: string; runId: string; attempt: number; cursor: string | null }
type Row = (Omit<PastResult, 'inputHash'> & { input_hash: string; more: boolean }) | { key: null }

const MAX_ROWS = 1000
const MAX_BYTES = 1024 * 1024

const cursorOf = (key: string, inputHash: string): string => Buffer.from(JSON.stringify([key, inputHash])).toString('base64url')

const positionOf = (cursor: string | null): readonly [string, string] => {
  if (cursor === null) return ['', '']
  try {
    const [key, inputHash] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    return [taskKeySchema.parse(key), inputHashSchema.parse(inputHash)]
  } catch {
    throw new AppError('invalid_input', 'The cursor is not one of ours: pass `next` of the page before as it is.')
  }
}

/** What task runs of earlier attempts of the run returned, page by page, for the attempt that holds its lease and for nobody else. */
export const readTaskResults = async (
  ctx: EngineContext,
  { workspaceId, runId, attempt, cursor }: ResultsQuestion,
): Promise<PastResults> => {
  const values = [workspaceId, runId, attempt, ...positionOf(cursor), MAX_ROWS, MAX_BYTES]
  const { rows } = await ctx.db.enginePool.query<Row>({ ...read, values })
  if (rows.length === 0) throw new AppError('stale_attempt', 'This attempt has ended or was replaced; it must stop.')
  const found = rows.filter((row) => row.key !== null)
  const last = found.at(-1)
  return {
    results: found.map(({ key, name, attempt: from, input_hash, result, alone }) => ({
      key,
      name,
      inputHash: input_hash,
      attempt: from,
      result,
      alone,
    })),
    next: last?.more ? cursorOf(last.key, last.input_hash) : null,
  }
}
