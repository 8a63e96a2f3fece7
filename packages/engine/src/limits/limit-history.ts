import type { LimitHistory, LimitRef } from '@towline/contract/limit-views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { findLimit } from './find-limit.ts'
import { readLimits } from './list-limits.ts'
import limitHistoryText from './sql/limit-history.sql'

const history = statement('limit-history', limitHistoryText)
const POINTS = 144

type Row = { bucket: number; max_used: number; max_waiting: number; granted: number; wait_mean: number; wait_max: number }

/** Use and wait over the last hours, in 144 points (10 minutes each for a day). */
export const limitHistory = async (
  ctx: EngineContext,
  { workspaceId, limit, hours = 24 }: { workspaceId: string; limit: LimitRef; hours?: number },
): Promise<LimitHistory> => {
  const limitId = await findLimit(ctx.db, { workspaceId, limit })
  const bucketSeconds = (hours * 3600) / POINTS
  const to = ctx.clock.now()
  const from = new Date(to.getTime() - hours * 3_600_000)
  return await tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const [view] = await readLimits(tx, { workspaceId, limitId })
    const { rows } = await tx.query<Row>({ ...history, values: [workspaceId, limitId, from, to, bucketSeconds] })
    return {
      from,
      to,
      bucketSeconds,
      slots: view?.slots ?? null,
      points: rows.map((row) => ({
        at: new Date(from.getTime() + row.bucket * bucketSeconds * 1000),
        maxUsed: row.max_used,
        maxWaiting: row.max_waiting,
        granted: row.granted,
        waitMeanMs: row.wait_mean,
        waitMaxMs: row.wait_max,
      })),
    }
  })
}
