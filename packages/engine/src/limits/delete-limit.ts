import { setTimeout as sleep } from 'node:timers/promises'
import type { LimitRef } from '@towline/contract/limit-views'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { runTransaction } from '../runs/life/run-transaction.ts'
import { limitFacts, limitSubject, whatOf } from './audit-limit.ts'
import { findLimit } from './find-limit.ts'
import { readLimits } from './list-limits.ts'
import deleteLimitText from './sql/delete-limit.sql'
import dissolveLineText from './sql/dissolve-line.sql'
import lockLimitsText from './sql/lock-limits.sql'
import openLimitText from './sql/open-limit.sql'

const lockLimits = statement('lock-limits', lockLimitsText)
const openLimit = statement('open-limit', openLimitText)
const dissolveLine = statement('dissolve-line', dissolveLineText)
const deleteRow = statement('delete-limit', deleteLimitText)

type Freed = { id: string; pool_id: string | null }

/**
 * Takes the limit away. Holders go on, whoever waited for it is let go, in bounded steps: first it stops to hold anybody, so that its line can only
 * get shorter, and it is deleted by the step that finds the line empty.
 */
export const deleteLimit = async (ctx: EngineContext, { workspaceId, limit }: { workspaceId: string; limit: LimitRef }): Promise<void> => {
  const limitId = await findLimit(ctx.db, { workspaceId, limit })
  for (let first = true; ; first = false) {
    const { freed, deleted } = await step(ctx, { workspaceId, limitId, first })
    const runs = freed.filter((one) => one.pool_id !== null)
    ctx.bus.publish('pool', [...new Set(runs.map((one) => one.pool_id as string))])
    ctx.bus.publish(
      'slots',
      freed.filter((one) => one.pool_id === null).map((one) => one.id),
    )
    ctx.bus.publish(
      'run',
      runs.map((one) => one.id),
    )
    if (deleted) break
    // Somebody holds a run of the line at this moment.
    if (freed.length === 0) await sleep(5)
  }
  noticeWorkspace(ctx, workspaceId, 'limits')
}

type Step = { workspaceId: string; limitId: string; first: boolean }

const step = (ctx: EngineContext, { workspaceId, limitId, first }: Step): Promise<{ freed: Freed[]; deleted: boolean }> =>
  runTransaction(ctx, async (work) => {
    const [locked] = await work.send([{ ...lockLimits, values: [[limitId]] }])
    if (locked?.rows.length === 0) return { freed: [], deleted: true }
    // From the first step on it bounds nothing: that is the change, whatever becomes of the steps after it.
    if (first) await recordDelete(ctx, work.tx, { workspaceId, limitId })
    await work.send([{ ...openLimit, values: [limitId] }])
    const [gone] = await work.send([{ ...dissolveLine, values: [limitId] }])
    const [last] = await work.send([{ ...deleteRow, values: [limitId] }])
    return { freed: (gone?.rows ?? []) as Freed[], deleted: (last?.rows.length ?? 0) > 0 }
  })

const recordDelete = async (ctx: EngineContext, tx: Tx, { workspaceId, limitId }: Omit<Step, 'first'>): Promise<void> => {
  const [limit] = await readLimits(tx, { workspaceId, limitId })
  if (!limit) return
  const text = `deleted the limit of ${whatOf(limit)}`
  await recordChange(ctx, tx, { workspaceId, action: 'limit.delete', subject: limitSubject(limit), text, before: limitFacts(limit) })
}
