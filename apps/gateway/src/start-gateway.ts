import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { EngineContext } from '@towline/engine/context'
import { newId } from '@towline/service/new-id'
import type { GatewayContext } from './gateway-context.ts'
import { createHttpServer } from './http-server.ts'
import { createIntake } from './intake.ts'
import { createGatewayMetrics } from './metrics.ts'
import { createPoolLoops } from './pool-loops.ts'
import { createPresenceOrder } from './presence-order.ts'
import { Registry } from './registry.ts'
import { createRunTokens } from './run-token.ts'
import { type GatewaySettings, limitsOf } from './settings.ts'
import { createSlotWaits } from './slot-waits.ts'
import { watchAgents } from './watch-agents.ts'

export type Gateway = {
  gatewayId: string
  port: number
  /** `http://127.0.0.1:<port>`, for processes on the same machine. */
  url: string
  /** Agents move elsewhere, what is under way ends, then everything closes. Idempotent. */
  stop(): Promise<void>
}

export const startGateway = async (engine: EngineContext, settings: GatewaySettings): Promise<Gateway> => {
  const registry = new Registry()
  const gatewayId = newId()
  const limits = limitsOf(settings)
  let stopping: Promise<void> | undefined
  let url = ''
  const gw: GatewayContext = {
    engine,
    log: engine.log,
    gatewayId,
    limits,
    registry,
    tokens: createRunTokens(settings.secret),
    intake: createIntake(engine, gatewayId),
    pools: createPoolLoops(() => gw),
    presence: createPresenceOrder(),
    slotWaits: createSlotWaits(engine.bus),
    metrics: createGatewayMetrics(registry),
    runApiUrl: () => settings.runApiUrl ?? url,
    isStopping: () => stopping !== undefined,
  }
  const server = createHttpServer(gw)
  server.listen(settings.port, settings.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  url = `http://127.0.0.1:${port}`
  const watch = watchAgents(gw)

  const stop = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    gw.slotWaits.close()
    await gw.pools.stop()
    for (const socket of registry.all()) {
      socket.leaving = true
      socket.send({ type: 'agent.goaway.v1', reason: 'The gateway is shutting down' })
    }
    await emptied(registry, limits.drainSeconds * 1000)
    await gw.intake.idle()
    for (const socket of registry.all()) socket.close('going_away')
    server.closeIdleConnections()
    await emptied(registry, 1000)
    await watch.stop()
    await Promise.all([gw.intake.idle(), gw.presence.idle()])
    server.closeAllConnections()
    await closed
  }
  return { gatewayId, port, url, stop: () => (stopping ??= stop()) }
}

/** Resolves when no agent is left, or when the time is up. */
const emptied = async (registry: Registry, ms: number): Promise<void> => {
  const end = Date.now() + ms
  while (registry.size > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
}
