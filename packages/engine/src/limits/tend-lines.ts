import type { LimitKind } from '@towline/contract/limit-views'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { runTransaction } from '../runs/life/run-transaction.ts'
import { adoptHolders } from './adopt-holders.ts'
import { olderGone } from './older-gone.ts'
import { replaceOldest } from './replace-oldest.ts'
import dropSilentWaitersText from './sql/drop-silent-waiters.sql'
import findNextOpeningText from './sql/find-next-opening.sql'
import findOpenLinesText from './sql/find-open-lines.sql'
import findUncountedText from './sql/find-uncounted.sql'
import lockLimitsText from './sql/lock-limits.sql'

const findOpenLines = statement('find-open-lines', findOpenLinesText)
const findUncounted = statement('find-uncounted', findUncountedText)
const findNextOpening = statement('find-next-opening', findNextOpeningText)
const dropSilentWaiters = statement('drop-silent-waiters', dropSilentWaitersText)
const lockLimits = statement('lock-limits', lockLimitsText)

const BATCH = 500
const FIRST = '00000000-0000-0000-0000-000000000000'

/**
 * What time alone changes in the lines of limits: a rate lets the next one in, an offer that nobody took goes to somebody else, a task run
 * that asks no more loses its place. Freed slots are handed over by the transactions that free them; this never is their only way.
 * `nextAt` is when the next rate opens, for a precise timer. Any number of schedulers may do this at once. `after`: there are more lines, from there on.
 */
export const tendLines = async (
  ctx: EngineContext,
  { after = null }: { after?: string | null } = {},
): Promise<{ tended: number; nextAt: Date | null; after: string | null }> => {
  const now = ctx.clock.now()
  const { rows } = await ctx.db.enginePool.query<{ id: string }>({ ...findOpenLines, values: [now, after ?? FIRST, BATCH] })
  for (const { id } of rows) {
    await runTransaction(ctx, async (work) => {
      await work.send([{ ...lockLimits, values: [[id]] }])
      await work.send([{ ...dropSilentWaiters, values: [id, work.now] }])
      work.callLater([id])
    })
  }
  await countHolders(ctx, now)
  const { replaced } = await replaceOldest(ctx, { limitId: null })
  const next = await ctx.db.enginePool.query<{ at: Date | null }>({ ...findNextOpening, values: [now] })
  const last = rows.length === BATCH ? (rows.at(-1)?.id ?? null) : null
  return { tended: rows.length + replaced, nextAt: next.rows[0]?.at ?? null, after: last }
}

type Uncounted = {
  id: string
  workspace_id: string
  kind: LimitKind
  pool_id: string | null
  queue_id: string | null
  deployment_id: string | null
  tag: string | null
}

/** Finishes what a process that died while it made a limit left undone. */
const countHolders = async (ctx: EngineContext, now: Date): Promise<void> => {
  const { rows } = await ctx.db.enginePool.query<Uncounted>({ ...findUncounted, values: [now] })
  if (rows.length > 0) await olderGone(ctx)
  for (const row of rows) {
    const subject = { kind: row.kind, poolId: row.pool_id, queueId: row.queue_id, deploymentId: row.deployment_id, tag: row.tag }
    await runTransaction(ctx, (work) => adoptHolders(work, { workspaceId: row.workspace_id, limitId: row.id, subject }))
  }
}
