import { claimRuns } from '@towline/engine/runs/claim-runs'
import type { AgentSocket } from './agent-socket.ts'
import { type Assignment, assignRuns, refOf } from './assign-runs.ts'
import type { GatewayContext } from './gateway-context.ts'

/** The most that one statement claims. */
const MAX_CLAIM = 500

/** Claims for all agents of the pool that have credit, the emptiest first. 'again': there may be more. */
export const claimForPool = async (gw: GatewayContext, poolId: string): Promise<'again' | undefined> => {
  if (gw.isStopping()) return undefined
  const takers = gw.registry.ofPool(poolId).filter((socket) => socket.canTake() && socket.credit.available() > 0)
  takers.sort((a, b) => b.credit.available() - a.credit.available())
  let again: 'again' | undefined
  for (const socket of takers) {
    const available = socket.credit.available()
    // With others in line an agent takes half of its credit in a round, so that a few runs spread over the agents.
    const credits = Math.min(MAX_CLAIM, takers.length > 1 ? Math.ceil(available / 2) : available)
    if (credits === 0 || !socket.canTake()) continue
    const claimed = await claimForAgent(gw, socket, credits)
    if (claimed < credits) return undefined
    again = 'again'
  }
  return again
}

const claimForAgent = async (gw: GatewayContext, socket: AgentSocket, credits: number): Promise<number> => {
  const { leaseSeconds } = gw.limits
  const end = gw.metrics.claimSeconds.startTimer()
  let runs: Assignment[] = []
  socket.credit.reserve(credits)
  try {
    const claimed = await claimRuns(gw.engine, {
      poolId: socket.poolId,
      agentId: socket.agentId,
      agentName: socket.agentName,
      credits,
      leaseSeconds,
    })
    runs = claimed.map(({ spec }) => ({ spec, token: gw.tokens.sign(spec), leaseSeconds }))
  } finally {
    socket.credit.settle(credits, runs.map(refOf))
    end()
  }
  if (runs.length > 0) assignRuns(gw, socket, runs)
  return runs.length
}
