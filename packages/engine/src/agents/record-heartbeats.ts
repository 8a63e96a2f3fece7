import type { AgentFrame, FrameOf } from '@towline/contract/frames'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { skewOf } from './connect-agent.ts'
import text from './sql/record-heartbeats.sql'

export type Heartbeat = { agentId: string } & Pick<FrameOf<AgentFrame, 'agent.heartbeat.v1'>, 'load' | 'draining' | 'clock'>

const record = statement('record-heartbeats', text)

/** Notes the presence of every agent of a flush. For each beat: does this gateway still hold the agent? */
export const recordHeartbeats = async (
  ctx: EngineContext,
  input: { gatewayId: string; beats: readonly Heartbeat[] },
): Promise<boolean[]> => {
  const now = ctx.clock.now()
  const last = [...new Map(input.beats.map((beat) => [beat.agentId, beat])).values()]
  const values = [
    input.gatewayId,
    last.map((beat) => beat.agentId),
    last.map((beat) => JSON.stringify(beat.load)),
    last.map((beat) => beat.draining),
    last.map((beat) => skewOf(beat.clock, now)),
    now,
  ]
  const { rows } = await ctx.db.enginePool.query<{ id: string; pool_id: string; changed: boolean }>({ ...record, values })
  const changed = rows.filter((row) => row.changed).flatMap((row) => [row.id, row.pool_id])
  if (changed.length > 0) ctx.bus.publish('agent', [...new Set(changed)])
  const held = new Set(rows.map((row) => row.id))
  return input.beats.map((beat) => held.has(beat.agentId))
}
