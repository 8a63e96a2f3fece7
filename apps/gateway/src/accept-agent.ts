import { type AgentIdentity, authenticateAgent } from '@towline/engine/agents/authenticate-agent'
import { connectAgent } from '@towline/engine/agents/connect-agent'
import { disconnectAgents } from '@towline/engine/agents/disconnect-agents'
import { reconcileInventory } from '@towline/engine/runs/reconcile-inventory'
import type { RawData, WebSocket } from 'ws'
import { AgentSocket, closeWith } from './agent-socket.ts'
import { closeReasonOfError } from './failure.ts'
import { routeMessage } from './frame-router.ts'
import type { GatewayContext } from './gateway-context.ts'
import { greetAgent, type Hello, Refusal, textOf } from './greet-agent.ts'

/** A new connection: key, hello, presence, inventory, ready. Every refusal is a close reason, after the upgrade, so that the agent can print it. */
export const acceptAgent = async (gw: GatewayContext, ws: WebSocket, key: string): Promise<void> => {
  // Errors of the socket (a reset, a message beyond all bounds) end it; `close` follows.
  ws.on('error', (error) => gw.log.debug({ err: error }, 'An agent connection broke'))
  const hello = greetAgent(ws, gw.limits.helloSeconds)
  hello.catch(() => undefined)
  try {
    if (gw.isStopping()) throw new Refusal('going_away', 'The gateway is shutting down.')
    const identity = await authenticateAgent(gw.engine, { key })
    await welcome(gw, ws, identity, await hello)
  } catch (error) {
    if (ws.readyState !== ws.OPEN) return
    const reason = error instanceof Refusal ? error.reason : closeReasonOfError(error)
    gw.metrics.closed.inc({ reason })
    gw.log.info({ reason, ...(reason === 'unavailable' && { err: error }) }, 'An agent was refused')
    closeWith(ws, reason, error instanceof Refusal ? error.message : undefined)
  }
}

const welcome = async (gw: GatewayContext, ws: WebSocket, identity: AgentIdentity, hello: Hello): Promise<void> => {
  const { pool } = identity
  if (hello.poolType !== undefined && hello.poolType !== pool.type) {
    throw new Refusal('pool_type_mismatch', `The pool ${pool.name} is of type ${pool.type}, the agent launches ${hello.poolType}.`)
  }
  const { agentId, name } = await gw.presence.inOrder(hello.agentId, () =>
    connectAgent(gw.engine, { identity, gatewayId: gw.gatewayId, hello }),
  )
  const { stale, expected, cancelling } = await reconcileInventory(gw.engine, { agentId, inventory: hello.inventory })
  if (ws.readyState !== ws.OPEN) return gw.presence.inOrder(agentId, () => leave(gw, agentId))

  const socket = new AgentSocket(ws, identity, agentId, name, Date.now())
  gw.registry.add(socket)
  gw.pools.follow(socket.poolId)
  ws.on('message', (data: RawData) => {
    const text = textOf(data)
    if (!socket.closed) routeMessage(gw, socket, text, Buffer.byteLength(text))
  })
  ws.once('close', () => forget(gw, socket))
  gw.log.info({ agentId, name, pool: pool.name, version: hello.version, capacity: hello.capacity }, 'Agent connected')
  socket.send({
    type: 'agent.ready.v1',
    agentId,
    agentName: name,
    pool,
    heartbeatSeconds: gw.limits.heartbeatSeconds,
    leaseSeconds: gw.limits.leaseSeconds,
    runApiUrl: gw.runApiUrl(),
    clock: gw.engine.clock.now().getTime(),
    stale,
    expected,
    cancelling,
  })
  if (gw.isStopping()) socket.close('going_away')
}

/** The connection is over; the agent is offline unless it has a newer one. */
const forget = (gw: GatewayContext, socket: AgentSocket): void => {
  socket.markClosed()
  if (!gw.registry.remove(socket)) return
  gw.pools.follow(socket.poolId)
  gw.log.info({ agentId: socket.agentId, name: socket.agentName }, 'Agent disconnected')
  void gw.presence.inOrder(socket.agentId, () => leave(gw, socket.agentId))
}

const leave = async (gw: GatewayContext, agentId: string): Promise<void> => {
  if (gw.registry.get(agentId)) return
  try {
    await disconnectAgents(gw.engine, { agentIds: [agentId], gatewayId: gw.gatewayId })
  } catch (error) {
    // The sweep of agents that were not seen for a lease does it later.
    gw.log.warn({ err: error, agentId }, 'The end of a connection could not be noted')
  }
}
