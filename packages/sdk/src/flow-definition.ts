import type { RunContext } from './run-context.ts'
import type { StandardSchema } from './standard-schema.ts'

export interface FlowRetries {
  /** Further runs of the whole flow after its code has failed. */
  failures?: number
  /** Restarts after the infrastructure died. */
  crashes?: number
  /** Seconds before the first retry; each next one waits `factor` times longer, ± `jitter` (a share of it). */
  delaySeconds?: number
  factor?: number
  jitter?: number
}

export interface FlowFacts {
  name: string
  description?: string
  tags?: readonly string[]
  retries?: number | FlowRetries
  /** For the whole run; `ctx.signal` is aborted when it is over. */
  timeoutSeconds?: number
  /** false: nothing that its tasks return is kept, so a retry from failed runs all of them again. Default true. */
  storeResults?: boolean
}

export interface FlowDefinition extends FlowFacts {
  parameters: StandardSchema | null
  /** Checks the parameters, then runs the body. */
  execute: (parameters: unknown, context: RunContext) => Promise<unknown>
  /** Throws an `InvalidParametersError` that lists every problem. */
  check: (parameters: unknown) => Promise<unknown>
}

export const retriesOf = ({ retries }: FlowFacts): FlowRetries => (typeof retries === 'number' ? { failures: retries } : (retries ?? {}))

/** The same rule as the control plane's: `delaySeconds × factor^(n-1)`. */
export const flowRetryDelay = (facts: FlowFacts, retry: number): number => {
  const { delaySeconds = 10, factor = 2 } = retriesOf(facts)
  return Math.min(3600, delaySeconds * factor ** (retry - 1))
}
