export type Backoff = {
  /** 1 for the first failure. */
  attempt: number
  baseMs: number
  maxMs: number
  factor?: number
  /** Share of the delay that is random: 0 none, 1 all of it ("full jitter"). */
  jitter?: number
}

/** Delay before the next try: base × factor^(attempt−1), bounded, of which the jittered share is drawn anew each time. */
export const backoffMs = ({ attempt, baseMs, maxMs, factor = 2, jitter = 0.5 }: Backoff, random: () => number = Math.random): number => {
  const full = Math.min(maxMs, baseMs * factor ** Math.max(0, attempt - 1))
  return Math.round(full * (1 - jitter) + full * jitter * random())
}
