import { DEFAULT_GRACE_SECONDS } from '@towline/contract/run-spec'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import text from './sql/find-cancels.sql'

const find = statement('find-cancels', text)

export type Cancel = { agentId: string; runId: string; attempt: number; graceSeconds: number; reason: string }
type Row = { run_id: string; attempt: number; agent_id: string; reason: string | null; grace_seconds: number }

/** Attempts of these agents that somebody asked to stop and that have not ended yet. */
export const findCancels = async (
  ctx: EngineContext,
  { agentIds, runIds }: { agentIds: string[]; runIds: string[] | null },
): Promise<Cancel[]> => {
  if (agentIds.length === 0) return []
  const { rows } = await ctx.db.enginePool.query<Row>({ ...find, values: [agentIds, runIds, DEFAULT_GRACE_SECONDS] })
  return rows.map((row) => ({
    agentId: row.agent_id,
    runId: row.run_id,
    attempt: row.attempt,
    graceSeconds: row.grace_seconds,
    reason: row.reason ?? 'Cancel was asked for',
  }))
}
