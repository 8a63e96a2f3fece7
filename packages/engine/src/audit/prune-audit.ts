import { AUDIT_KEPT_DAYS } from '@towline/contract/audit'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import pruneText from './sql/prune-audit.sql'

const prune = statement('prune-audit', pruneText)

const BATCH = 5000
const DAY_MS = 86_400_000

/** Forgets entries older than a year, so many at a time; `more`: there are others. */
export const pruneAudit = async (ctx: EngineContext, { batch = BATCH } = {}): Promise<{ pruned: number; more: boolean }> => {
  const before = new Date(ctx.clock.now().getTime() - AUDIT_KEPT_DAYS * DAY_MS)
  const pruned = (await ctx.db.enginePool.query({ ...prune, values: [before, batch] })).rowCount ?? 0
  return { pruned, more: pruned === batch }
}
