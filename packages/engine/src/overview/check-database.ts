import type { EngineContext } from '../context.ts'

/** True when the database answers; throws when it does not. */
export const checkDatabase = async (ctx: EngineContext): Promise<boolean> => {
  const { rowCount } = await ctx.db.apiPool.query('select 1')
  return rowCount === 1
}
