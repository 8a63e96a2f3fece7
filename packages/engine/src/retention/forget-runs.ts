import { statement } from '@towline/db/statement'
import { engineTransaction, type Tx } from '@towline/db/transaction'
import { idDay } from '@towline/service/id-time'
import type { EngineContext } from '../context.ts'
import { idAt } from '../limits/id-at.ts'
import { keptFrom } from './kept-from.ts'
import deleteMovedEventsText from './sql/delete-moved-events.sql'
import deleteMovedLinesText from './sql/delete-moved-lines.sql'
import forgetRunsText from './sql/forget-runs.sql'
import listOldDaysText from './sql/list-old-days.sql'
import { takeTurn } from './take-turn.ts'

const forget = statement('forget-runs', forgetRunsText)
const listOldDays = statement('list-old-days', listOldDaysText)
const deleteMoved = [statement('delete-moved-events', deleteMovedEventsText), statement('delete-moved-lines', deleteMovedLinesText)]

const BATCH = 500

/**
 * Forgets runs that were made and ended before the days that are kept, so many at a time; `more`: there are others. Their events and log lines
 * go with their days, or here when their day went before them.
 */
export const forgetRuns = (
  ctx: EngineContext,
  { keptDays, batch = BATCH }: { keptDays: number; batch?: number },
): Promise<{ forgotten: number; more: boolean }> =>
  engineTransaction(ctx.db, async (tx) => {
    if (!(await takeTurn(tx))) return { forgotten: 0, more: false }
    const from = keptFrom(ctx.clock.now(), keptDays)
    const ids = (await tx.query<{ id: string }>({ ...forget, values: [idAt(from), from, batch] })).rows.map((row) => row.id)
    if (ids.length > 0) await forgetMovedRows(tx, ids, from)
    return { forgotten: ids.length, more: ids.length === batch }
  })

const forgetMovedRows = async (tx: Tx, ids: string[], from: Date): Promise<void> => {
  const { rows } = await tx.query<{ day: string }>({ ...listOldDays, values: [from] })
  const there = new Set(rows.map((row) => row.day))
  const moved = ids.filter((id) => !there.has(idDay(id)))
  if (moved.length === 0) return
  for (const remove of deleteMoved) await tx.query({ ...remove, values: [[...new Set(moved.map(idDay))], moved] })
}
