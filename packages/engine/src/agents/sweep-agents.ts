import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import text from './sql/sweep-agents.sql'

const sweep = statement('sweep-agents', text)

/** Agents whose gateway died without a word: not seen for a lease, so nobody holds their socket. */
export const sweepAgents = async (ctx: EngineContext, { leaseSeconds }: { leaseSeconds: number }): Promise<{ swept: number }> => {
  const before = new Date(ctx.clock.now().getTime() - leaseSeconds * 1000)
  const { rows } = await ctx.db.enginePool.query<{ id: string; pool_id: string }>({ ...sweep, values: [before] })
  if (rows.length > 0) ctx.bus.publish('agent', [...new Set(rows.flatMap((row) => [row.id, row.pool_id]))])
  return { swept: rows.length }
}
