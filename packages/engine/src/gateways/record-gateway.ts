import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { presenceGapMs } from './presence.ts'
import text from './sql/record-gateway.sql'

const record = statement('record-gateway', text)

/** A gateway says that it is there. One that was silent for too long (it hung, or its database was away) counts as newly there. */
export const recordGateway = async (
  ctx: EngineContext,
  { gatewayId, leaseSeconds }: { gatewayId: string; leaseSeconds: number },
): Promise<void> => {
  const now = ctx.clock.now()
  await ctx.db.enginePool.query({ ...record, values: [gatewayId, now, new Date(now.getTime() - presenceGapMs(leaseSeconds))] })
}
