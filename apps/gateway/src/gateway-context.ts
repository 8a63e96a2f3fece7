import type { EngineContext } from '@towline/engine/context'
import type { Logger } from '@towline/service/logger'
import type { Intake } from './intake.ts'
import type { GatewayMetrics } from './metrics.ts'
import type { PoolLoops } from './pool-loops.ts'
import type { PresenceOrder } from './presence-order.ts'
import type { Registry } from './registry.ts'
import type { RunTokens } from './run-token.ts'
import type { Limits } from './settings.ts'
import type { SlotWaits } from './slot-waits.ts'

/** Everything that one gateway process has, for its parts. */
export type GatewayContext = {
  engine: EngineContext
  log: Logger
  /** New at each start: what `agent.gateway_id` holds. */
  gatewayId: string
  limits: Limits
  tokens: RunTokens
  registry: Registry
  intake: Intake
  pools: PoolLoops
  presence: PresenceOrder
  slotWaits: SlotWaits
  metrics: GatewayMetrics
  runApiUrl(): string
  isStopping(): boolean
}
