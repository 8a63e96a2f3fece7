import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { presenceGapMs } from './presence.ts'
import text from './sql/find-open-since.sql'

const findOpenSince = statement('find-open-since', text)

/**
 * Could agents have renewed their leases? Only if some gateway was there for a whole lease without a gap. While none was, their silence says
 * nothing about them: the runs go on and their leases wait.
 */
export const mayEndLeases = async (ctx: EngineContext, { leaseSeconds }: { leaseSeconds: number }): Promise<boolean> => {
  const now = ctx.clock.now().getTime()
  const { rows } = await ctx.db.enginePool.query<{ since: Date | null }>({
    ...findOpenSince,
    values: [new Date(now - presenceGapMs(leaseSeconds))],
  })
  const since = rows[0]?.since
  return since != null && since.getTime() <= now - leaseSeconds * 1000
}
