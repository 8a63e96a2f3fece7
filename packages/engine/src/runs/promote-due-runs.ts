import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import findNextDueText from './sql/find-next-due.sql'
import promoteDueRunsText from './sql/promote-due-runs.sql'

const promote = statement('promote-due-runs', promoteDueRunsText)
const findNextDue = statement('find-next-due', findNextDueText)

const BATCH = 2000

/**
 * Puts runs whose time has come into the ready set and wakes their pools. `nextDueAt` is when the next one is due, for a precise timer.
 * Any number of schedulers may do this at once. Call it too when a paused deployment goes on.
 */
export const promoteDueRuns = async (ctx: EngineContext): Promise<{ promoted: number; more: boolean; nextDueAt: Date | null }> => {
  const now = ctx.clock.now()
  const { rows } = await ctx.db.enginePool.query<{ id: string; pool_id: string }>({ ...promote, values: [now, BATCH] })
  if (rows.length > 0) {
    ctx.bus.publish('pool', [...new Set(rows.map((row) => row.pool_id))])
    ctx.bus.publish(
      'run',
      rows.map((row) => row.id),
    )
  }
  const next = await ctx.db.enginePool.query<{ due_at: Date | null }>({ ...findNextDue, values: [now] })
  return { promoted: rows.length, more: rows.length === BATCH, nextDueAt: next.rows[0]?.due_at ?? null }
}
