/** What a gateway is told when it starts; tests shorten the times. */
export type GatewaySettings = {
  port: number
  host?: string
  /** Signs run tokens: the same in every gateway. At least 32 characters. */
  secret: string
  /** Base URL of the run API as runs reach it, told to agents. Null: the address that this gateway listens on. */
  runApiUrl: string | null
  heartbeatSeconds?: number
  helloSeconds?: number
  /** How long agents may take to move to another gateway when this one stops. */
  drainSeconds?: number
  /** The net under lost wake-ups: claims, keys, pools, cancels. */
  pollSeconds?: number
}

export type Limits = { heartbeatSeconds: number; leaseSeconds: number; helloSeconds: number; drainSeconds: number; pollSeconds: number }

/** A lease is four beats: two may be lost and one late before a run counts as dead. */
const BEATS_PER_LEASE = 4

export const limitsOf = ({ heartbeatSeconds = 10, helloSeconds = 10, drainSeconds = 10, pollSeconds = 5 }: GatewaySettings): Limits => ({
  heartbeatSeconds,
  leaseSeconds: heartbeatSeconds * BEATS_PER_LEASE,
  helloSeconds,
  drainSeconds,
  pollSeconds,
})
