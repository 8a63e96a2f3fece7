import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import text from './sql/find-displaced-agents.sql'

const find = statement('find-displaced-agents', text)

/** Of the agents whose sockets this gateway has: those that another gateway holds by now, or that were deleted. */
export const findDisplacedAgents = async (
  ctx: EngineContext,
  { agentIds, gatewayId }: { agentIds: string[]; gatewayId: string },
): Promise<string[]> => {
  const { rows } = await ctx.db.enginePool.query<{ id: string }>({ ...find, values: [agentIds, gatewayId] })
  return rows.map((row) => row.id)
}
