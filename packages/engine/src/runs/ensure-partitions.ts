import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import ensurePartitionsText from './sql/ensure-partitions.sql'

const ensure = statement('ensure-partitions', ensurePartitionsText)

const DAYS_AHEAD = 8

/** Daily partitions of events and logs from yesterday to a week ahead. */
export const ensurePartitions = async (ctx: EngineContext): Promise<{ made: number }> => {
  const yesterday = new Date(ctx.clock.now().getTime() - 86_400_000).toISOString().slice(0, 10)
  const { rows } = await ctx.db.enginePool.query<{ made: number }>({ ...ensure, values: [yesterday, DAYS_AHEAD + 1] })
  return { made: rows[0]?.made ?? 0 }
}
