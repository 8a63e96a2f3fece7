import type { RetryPolicy } from '@towline/contract/manifest'

const MAX_DELAY_SECONDS = 3600

/** Milliseconds before retry n (from 1): `delay × factor^(n−1)` ± jitter, at most one hour. `random` gives [0, 1). */
export const retryDelayMs = (policy: RetryPolicy, retry: number, random: () => number): number => {
  const seconds = Math.min(MAX_DELAY_SECONDS, policy.delaySeconds * policy.factor ** Math.max(0, retry - 1))
  const jittered = seconds * (1 + policy.jitter * (2 * random() - 1))
  return Math.round(1000 * Math.min(MAX_DELAY_SECONDS, Math.max(0, jittered)))
}

/** An agent that keeps handing runs back must not make a hot loop: free for the first three, then 1, 2, 4 … 30 seconds. */
export const returnDelayMs = (returns: number): number => (returns < 3 ? 0 : Math.min(30_000, 1000 * 2 ** Math.min(returns - 3, 10)))

/** From the fence until nothing of an attempt runs any more: its agent hears of it at the next beat (10 s), and kills within 5 s. Twice that. */
export const UNSTOPPED_PAUSE_MS = 30_000
