import { statement } from '@towline/db/statement'
import { engineTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { idAt } from '../limits/id-at.ts'
import { keptFrom } from './kept-from.ts'
import dropDayText from './sql/drop-day.sql'
import listOldDaysText from './sql/list-old-days.sql'
import listRunsOfDayText from './sql/list-runs-of-day.sql'
import { takeTurn } from './take-turn.ts'

const listOldDays = statement('list-old-days', listOldDaysText)
const listRunsOfDay = statement('list-runs-of-day', listRunsOfDayText)
const dropDay = statement('drop-day', dropDayText)

/** Of runs that are still there, moved while everybody waits (measured: README.md). A day with more waits for its runs. */
const MOST_MOVED = 10_000
const DAY_MS = 86_400_000
const LOCK_NOT_AVAILABLE = '55P03'

type Day = { parent: string; day: string }
type Outcome = 'dropped' | 'in use' | 'busy'

/**
 * Drops the days of events and log lines before those that are kept. `inUse`: days that stay because too much of them belongs to runs that are
 * still there. `busy`: somebody reads or writes for too long just now; the next round tries again.
 */
export const dropDays = async (
  ctx: EngineContext,
  { keptDays, mostMoved = MOST_MOVED }: { keptDays: number; mostMoved?: number },
): Promise<{ dropped: number; inUse: number; busy: boolean }> => {
  const { rows } = await ctx.db.enginePool.query<Day>({ ...listOldDays, values: [keptFrom(ctx.clock.now(), keptDays)] })
  let dropped = 0
  let inUse = 0
  for (const day of rows) {
    const outcome = await dropOne(ctx, day, mostMoved)
    if (outcome === 'busy') return { dropped, inUse, busy: true }
    if (outcome === 'in use') inUse += 1
    else {
      dropped += 1
      ctx.log.info(day, 'Dropped a day of history')
    }
  }
  return { dropped, inUse, busy: false }
}

const dropOne = async (ctx: EngineContext, { parent, day }: Day, mostMoved: number): Promise<Outcome> => {
  const start = new Date(`${day}T00:00:00.000Z`)
  try {
    return await engineTransaction(ctx.db, async (tx) => {
      if (!(await takeTurn(tx))) return 'busy'
      const values = [idAt(start), idAt(new Date(start.getTime() + DAY_MS)), mostMoved + 1]
      const kept = (await tx.query<{ id: string }>({ ...listRunsOfDay, values })).rows.map((row) => row.id)
      if (kept.length > mostMoved) return 'in use'
      const { rows } = await tx.query<{ dropped: boolean }>({ ...dropDay, values: [parent, day, kept, mostMoved] })
      return rows[0]?.dropped ? 'dropped' : 'in use'
    })
  } catch (error) {
    if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) return 'busy'
    throw error
  }
}
