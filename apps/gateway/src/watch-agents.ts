import type { CloseReason } from '@towline/contract/close-reasons'
import { findCancels } from '@towline/engine/agents/find-cancels'
import { findDisplacedAgents } from '@towline/engine/agents/find-displaced-agents'
import { findEndedKeys } from '@towline/engine/agents/find-ended-keys'
import { readAgentPools } from '@towline/engine/agents/read-agent-pools'
import { recordGateway } from '@towline/engine/gateways/record-gateway'
import { type Loop, startLoop } from '@towline/service/loop'
import type { AgentSocket } from './agent-socket.ts'
import type { GatewayContext } from './gateway-context.ts'

/** Bursts of notices (every run that gets ready wakes its pool) cost one look for each of these. */
const NOTICE_MS = 250

/** Ends a socket for a reason of ours, and counts it. */
const end = (gw: GatewayContext, socket: AgentSocket, reason: CloseReason): void => {
  if (socket.closed) return
  gw.metrics.closed.inc({ reason })
  gw.log.info({ agentId: socket.agentId, name: socket.agentName, reason }, 'Closing the connection of an agent')
  socket.close(reason)
}

const sendCancels = async (gw: GatewayContext, runIds: string[] | null): Promise<void> => {
  for (const { agentId, ...cancel } of await findCancels(gw.engine, { agentIds: gw.registry.agentIds(), runIds })) {
    gw.registry.get(agentId)?.send({ type: 'run.cancel.v1', ...cancel })
  }
}

const closeEndedKeys = async (gw: GatewayContext): Promise<void> => {
  const keyIds = [...new Set(gw.registry.all().map((socket) => socket.identity.keyId))]
  for (const { keyId, reason } of await findEndedKeys(gw.engine, { keyIds })) {
    for (const socket of gw.registry.all()) if (socket.identity.keyId === keyId) end(gw, socket, reason)
  }
}

const closeDisplaced = async (gw: GatewayContext, agentIds: string[]): Promise<void> => {
  for (const agentId of await findDisplacedAgents(gw.engine, { agentIds, gatewayId: gw.gatewayId })) {
    const socket = gw.registry.get(agentId)
    if (socket) end(gw, socket, 'replaced')
  }
}

const tellPools = async (gw: GatewayContext, poolIds: string[]): Promise<void> => {
  const pools = new Map((await readAgentPools(gw.engine, { poolIds })).map((pool) => [pool.id, pool]))
  for (const poolId of poolIds) {
    const pool = pools.get(poolId)
    for (const socket of gw.registry.ofPool(poolId)) {
      if (!pool) end(gw, socket, 'pool_deleted')
      else if (pool.paused !== socket.identity.pool.paused || pool.name !== socket.identity.pool.name) {
        socket.identity.pool = pool
        socket.send({ type: 'pool.changed.v1', pool })
      }
    }
  }
}

const closeSilent = (gw: GatewayContext): void => {
  const before = Date.now() - gw.limits.leaseSeconds * 1000
  for (const socket of gw.registry.all()) if (socket.lastSeenAt < before && !socket.isPaused()) end(gw, socket, 'heartbeat_timeout')
}

/**
 * What happens elsewhere and concerns the agents that are connected here. Each duty is a loop that the bus wakes, and that looks by
 * itself now and then, so a lost notice costs a delay and nothing else.
 */
export const watchAgents = (gw: GatewayContext): { stop(): Promise<void> } => {
  const { bus } = gw.engine
  const pollMs = gw.limits.pollSeconds * 1000
  const beatMs = gw.limits.heartbeatSeconds * 1000
  const noticedPools = new Set<string>()
  const noticedRuns = new Set<string>()
  const noticedAgents = new Set<string>()
  const loop = (name: string, intervalMs: number, runOnce: (signal: AbortSignal) => Promise<void>): Loop =>
    startLoop({ name, intervalMs, jitter: 0.3, runOnce, log: gw.log })

  // The first look is at everything, the following ones at what was noticed; now and then at everything again.
  let everything = 0
  const pools = loop('agents: pools', pollMs, async (signal) => {
    const all = Date.now() >= everything
    if (all) everything = Date.now() + pollMs
    const wanted = all ? gw.registry.poolIds() : [...noticedPools].filter((id) => gw.registry.ofPool(id).length > 0)
    noticedPools.clear()
    if (wanted.length > 0) await tellPools(gw, wanted)
    await pause(NOTICE_MS, signal)
  })
  const cancels = loop('agents: cancels', pollMs, async () => {
    const wanted = noticedRuns.size > 0 ? [...noticedRuns] : null
    noticedRuns.clear()
    await sendCancels(gw, wanted)
  })
  const keys = loop('agents: keys', pollMs, () => closeEndedKeys(gw))
  const presence = loop('agents: presence', pollMs, async () => {
    const wanted = [...noticedAgents]
    noticedAgents.clear()
    if (wanted.length > 0) await closeDisplaced(gw, wanted)
  })
  const { leaseSeconds } = gw.limits
  const presenceOfGateway = loop('gateway: presence', beatMs / 2, () => recordGateway(gw.engine, { gatewayId: gw.gatewayId, leaseSeconds }))
  const silence = loop('agents: silence', beatMs / 2, async () => closeSilent(gw))

  // Notices may have been lost: look at everything.
  const resync = (): void => {
    everything = 0
    noticedRuns.clear()
    for (const id of gw.registry.poolIds()) gw.pools.wake(id, 'resync')
    for (const id of gw.registry.agentIds()) noticedAgents.add(id)
    for (const each of [pools, cancels, keys, presence]) each.wake('resync')
  }

  const unsubscribes = [
    bus.subscribe(
      'pool',
      (ids) => {
        for (const id of ids) {
          gw.pools.wake(id, 'bus')
          noticedPools.add(id)
        }
        pools.wake('bus')
      },
      resync,
    ),
    bus.subscribe('cancel', (ids) => {
      for (const id of ids) noticedRuns.add(id)
      cancels.wake('bus')
    }),
    bus.subscribe('key', () => keys.wake('bus')),
    bus.subscribe('agent', (ids) => {
      for (const id of ids) if (gw.registry.get(id)) noticedAgents.add(id)
      if (noticedAgents.size > 0) presence.wake('bus')
    }),
  ]
  return {
    stop: async () => {
      for (const unsubscribe of unsubscribes) unsubscribe()
      await Promise.all([pools, cancels, keys, presence, silence, presenceOfGateway].map((each) => each.stop()))
    },
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
