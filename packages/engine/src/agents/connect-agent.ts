import type { AgentFrame, FrameOf } from '@towline/contract/frames'
import { statement } from '@towline/db/statement'
import { newId } from '@towline/service/new-id'
import type { EngineContext } from '../context.ts'
import type { AgentIdentity } from './authenticate-agent.ts'
import text from './sql/connect-agent.sql'

type Hello = FrameOf<AgentFrame, 'agent.hello.v1'>
export type ConnectAgent = {
  identity: AgentIdentity
  gatewayId: string
  hello: Pick<Hello, 'agentId' | 'name' | 'version' | 'host' | 'capacity' | 'capabilities' | 'clock'>
}

const connect = statement('connect-agent', text)

/** The clock of an agent may be anything; the column is an int. */
const MAX_SKEW_MS = 2 ** 31 - 1
export const skewOf = (clock: number, now: Date): number => Math.round(Math.max(-MAX_SKEW_MS, Math.min(MAX_SKEW_MS, clock - now.getTime())))

/** Marks the agent online at this gateway: the one that it says it is, when that is ours to give, else a new one. */
export const connectAgent = async (
  ctx: EngineContext,
  { identity, gatewayId, hello }: ConnectAgent,
): Promise<{ agentId: string; name: string }> => {
  const now = ctx.clock.now()
  const upsert = async (id: string): Promise<string | undefined> => {
    const { host, name, version, capacity, capabilities, clock } = hello
    const values = [
      id,
      identity.workspaceId,
      identity.pool.id,
      identity.keyId,
      name,
      version,
      host,
      capacity,
      capabilities,
      skewOf(clock, now),
      gatewayId,
      now,
    ]
    const { rows } = await ctx.db.enginePool.query<{ id: string }>({ ...connect, values })
    return rows[0]?.id
  }
  const known = hello.agentId && (await upsert(hello.agentId))
  const agentId = known || (await upsert(newId(now)))
  if (!agentId) throw new Error('A new id collided with an agent')
  ctx.bus.publish('agent', [agentId, identity.pool.id])
  return { agentId, name: hello.name }
}
