import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { runTransaction } from '../runs/life/run-transaction.ts'
import lockLimitsText from './sql/lock-limits.sql'

const lockLimits = statement('lock-limits', lockLimitsText)

/**
 * Somebody left these lines who may have been offered a slot (a deployment was paused): whoever is next is called. In a transaction of its own, as
 * that which took the run out of its line locked the run only.
 */
export const lookAtLines = async (ctx: EngineContext, limitIds: readonly string[]): Promise<void> => {
  if (limitIds.length === 0) return
  await runTransaction(ctx, async (work) => {
    await work.send([{ ...lockLimits, values: [[...new Set(limitIds)]] }])
    work.callLater(limitIds)
  })
}
