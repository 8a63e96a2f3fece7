import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import text from './sql/disconnect-agents.sql'

const disconnect = statement('disconnect-agents', text)

/** The sockets of these agents at this gateway are gone. */
export const disconnectAgents = async (ctx: EngineContext, input: { agentIds: string[]; gatewayId: string }): Promise<void> => {
  const values = [input.agentIds, input.gatewayId, ctx.clock.now()]
  const { rows } = await ctx.db.enginePool.query<{ id: string; pool_id: string }>({ ...disconnect, values })
  if (rows.length > 0) ctx.bus.publish('agent', [...new Set(rows.flatMap((row) => [row.id, row.pool_id]))])
}
