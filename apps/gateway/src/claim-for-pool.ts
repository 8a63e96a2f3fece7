import { claimRunsForAgents } from '@towline/engine/runs/claim-runs'
import type { AgentSocket } from './agent-socket.ts'
import { type Assignment, assignRuns, refOf } from './assign-runs.ts'
import type { GatewayContext } from './gateway-context.ts'

/** The most that one transaction claims. */
const MAX_CLAIM = 500

type Share = { socket: AgentSocket; credits: number; runs: Assignment[] }

/** Claims for all agents of the pool that have credit, in one transaction. 'again': there may be more. */
export const claimForPool = async (gw: GatewayContext, poolId: string): Promise<'again' | undefined> => {
  if (gw.isStopping()) return undefined
  const shares = reserve(gw.registry.ofPool(poolId))
  if (shares.size === 0) return undefined
  const { leaseSeconds } = gw.limits
  const end = gw.metrics.claimSeconds.startTimer()
  const takers = [...shares].map(([agentId, { socket, credits }]) => ({ agentId, agentName: socket.agentName, credits }))
  let again = false
  try {
    const { runs, more } = await claimRunsForAgents(gw.engine, { poolId, takers, leaseSeconds })
    for (const { spec, agentId } of runs) shares.get(agentId)?.runs.push({ spec, token: gw.tokens.sign(spec), leaseSeconds })
    again = more || runs.length >= takers.reduce((sum, taker) => sum + taker.credits, 0)
  } finally {
    for (const { socket, credits, runs } of shares.values()) socket.credit.settle(credits, runs.map(refOf))
    end()
  }
  for (const { socket, runs } of shares.values()) if (runs.length > 0) assignRuns(gw, socket, runs)
  return again ? 'again' : undefined
}

/** Sets the credit aside that this claim may spend, the emptiest agents first; with many in line each gets a part. */
const reserve = (sockets: AgentSocket[]): Map<string, Share> => {
  const takers = sockets.filter((socket) => socket.canTake() && socket.credit.available() > 0)
  takers.sort((a, b) => b.credit.available() - a.credit.available())
  const most = Math.max(1, Math.ceil(MAX_CLAIM / Math.max(1, takers.length)))
  const shares = new Map<string, Share>()
  let left = MAX_CLAIM
  for (const socket of takers) {
    const credits = Math.min(left, most, socket.credit.available())
    if (credits === 0) break
    left -= credits
    socket.credit.reserve(credits)
    shares.set(socket.agentId, { socket, credits, runs: [] })
  }
  return shares
}
