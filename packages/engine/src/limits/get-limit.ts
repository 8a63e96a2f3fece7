import { AppError } from '@towline/contract/app-error'
import type { LimitDetail, LimitHolder, LimitRef, LimitWaiter } from '@towline/contract/limit-views'
import type { StateName } from '@towline/contract/states'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { findLimit } from './find-limit.ts'
import { readLimits } from './list-limits.ts'
import listHoldersText from './sql/list-holders.sql'
import listWaitersText from './sql/list-waiters.sql'

const listHolders = statement('list-holders', listHoldersText)
const listWaiters = statement('list-waiters', listWaitersText)
const MOST = 200

type Named = { run_id: string; run_name: string; state_name: StateName; deployment_name: string; task_key: string | null; weight: number }
type HolderRow = Named & { lent: number; slot_id: string; attempt: number; granted_at: Date }
type WaiterRow = Named & { priority: number; since: Date; hold: LimitWaiter['hold']; until: Date | null; called: boolean }

const runOf = (row: Named): LimitHolder['run'] => ({
  id: row.run_id,
  name: row.run_name,
  state: row.state_name,
  deploymentName: row.deployment_name,
})

/** With its holders, the oldest first, and its line. */
export const getLimit = async (
  ctx: EngineContext,
  { workspaceId, limit }: { workspaceId: string; limit: LimitRef },
): Promise<LimitDetail> => {
  const limitId = await findLimit(ctx.db, { workspaceId, limit })
  return await tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const values = [workspaceId, limitId, MOST]
    const [view] = await readLimits(tx, { workspaceId, limitId })
    if (!view) throw new AppError('not_found', 'There is no such limit in this workspace.')
    const holders = (await tx.query<HolderRow>({ ...listHolders, values })).rows
    const waiters = (await tx.query<WaiterRow>({ ...listWaiters, values })).rows
    return {
      ...view,
      holders: holders.map((row) => ({
        slotId: row.slot_id,
        run: runOf(row),
        attempt: row.attempt,
        taskKey: row.task_key,
        weight: row.weight,
        lent: row.lent,
        since: row.granted_at,
      })),
      waiters: waiters.map((row, index) => ({
        run: runOf(row),
        taskKey: row.task_key,
        weight: row.weight,
        priority: row.priority,
        place: index + 1,
        since: row.since,
        hold: row.hold,
        until: row.until,
        called: row.called,
      })),
    }
  })
}
