import type { LimitRate, LimitRef, RehearsalView } from '@towline/contract/limit-views'
import { type LimitSetting, type PastHolder, rehearseLimit, type WaitSummary } from '@towline/core/limit/rehearse-limit'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { findSubject } from './find-limit.ts'
import { idAt } from './id-at.ts'
import { readLimits } from './list-limits.ts'
import readPastAttemptsText from './sql/read-past-attempts.sql'
import readPastHoldersText from './sql/read-past-holders.sql'

const readPastHolders = statement('read-past-holders', readPastHoldersText)
const readPastAttempts = statement('read-past-attempts', readPastAttemptsText)

const DAY_MS = 86_400_000
/** Runs that were made longer ago than this and started within the day are left out: the search goes by the ids of runs. */
const LOOK_BACK_MS = 2 * DAY_MS
const MOST = 50_000

type Input = { workspaceId: string; limit: LimitRef; slots: number | null; rate: LimitRate | null }
type Row = { id: string; group: string; arrived_at: number; held_ms: number | null; weight: number; priority: number }

const settingOf = (slots: number | null, rate: LimitRate | null): LimitSetting => ({
  slots,
  rate: rate && { count: rate.count, windowMs: rate.windowSeconds * 1000 },
})

const inDates = ({ endedAt, ...summary }: WaitSummary): RehearsalView['before'] => ({
  ...summary,
  endedAt: endedAt === null ? null : new Date(endedAt),
})

/**
 * What a setting would have done to the last 24 hours of this workspace's own arrivals and durations, those who wait at this moment among them. Changes nothing. For a subject without a
 * limit the day's attempts (and task runs of the tag) are the arrivals, and before is as it was: nobody waited.
 */
export const rehearse = async (ctx: EngineContext, { workspaceId, limit, slots, rate }: Input): Promise<RehearsalView> => {
  const { subject, limitId } = await findSubject(ctx.db, { workspaceId, limit })
  const to = ctx.clock.now()
  const from = new Date(to.getTime() - DAY_MS)
  const { rows, today } = await tenantTransaction(ctx.db, workspaceId, async (tx) => {
    if (limitId === null) {
      const { poolId, queueId, deploymentId, tag } = subject
      const since = idAt(new Date(to.getTime() - LOOK_BACK_MS))
      const values = [workspaceId, since, poolId, queueId, deploymentId, tag, from, to, MOST]
      return { rows: (await tx.query<Row>({ ...readPastAttempts, values })).rows, today: settingOf(null, null) }
    }
    const [view] = await readLimits(tx, { workspaceId, limitId })
    const values = [workspaceId, limitId, from, to, MOST]
    return { rows: (await tx.query<Row>({ ...readPastHolders, values })).rows, today: settingOf(view?.slots ?? null, view?.rate ?? null) }
  })
  // Whoever waits now has no time of its own yet: it is taken to hold its slot for as long as the one in the middle.
  const held = rows.flatMap((row) => row.held_ms ?? []).sort((a, b) => a - b)
  const usual = held[Math.floor((held.length - 1) / 2)] ?? 0
  const holders = rows.map(
    (row): PastHolder => ({
      id: row.id,
      group: row.group,
      arrivedAt: row.arrived_at,
      heldMs: row.held_ms ?? usual,
      weight: row.weight,
      priority: row.priority,
    }),
  )
  const { before, after, groups } = rehearseLimit(holders, today, settingOf(slots, rate))
  return { from, to, holders: holders.length, truncated: rows.length === MOST, before: inDates(before), after: inDates(after), groups }
}
