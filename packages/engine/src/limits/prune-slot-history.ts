import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import pruneText from './sql/prune-slot-history.sql'

const prune = statement('prune-slot-history', pruneText)

/** Forgets slots that were freed more than a day ago. */
export const pruneSlotHistory = async (ctx: EngineContext): Promise<{ pruned: number }> => {
  const { rowCount } = await ctx.db.enginePool.query({ ...prune, values: [ctx.clock.now()] })
  return { pruned: rowCount ?? 0 }
}
