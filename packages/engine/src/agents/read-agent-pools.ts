import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import type { AgentPool } from './agent-pool.ts'
import text from './sql/read-agent-pools.sql'

const read = statement('read-agent-pools', text)

/** The pools of connected agents as they are now; one that is missing was deleted. */
export const readAgentPools = async (ctx: EngineContext, { poolIds }: { poolIds: string[] }): Promise<AgentPool[]> => {
  const { rows } = await ctx.db.enginePool.query<AgentPool>({ ...read, values: [poolIds] })
  return rows
}
