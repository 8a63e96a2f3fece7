/** Seconds before retry n (from 1): one number for all, a list (its last entry repeats), or a function. */
export type RetryDelay = number | readonly number[] | ((retry: number, error: unknown) => number)

const MAX_DELAY_SECONDS = 86_400

export const retryDelaySeconds = (delay: RetryDelay, retry: number, error: unknown, jitter: number, random: () => number): number => {
  const base =
    typeof delay === 'function' ? delay(retry, error) : typeof delay === 'number' ? delay : (delay[Math.min(retry, delay.length) - 1] ?? 0)
  const seconds = Number.isFinite(base) ? Math.max(0, base) : 0
  const spread = seconds * Math.min(1, Math.max(0, jitter))
  return Math.min(MAX_DELAY_SECONDS, seconds - spread + random() * 2 * spread)
}

export const secondsText = (seconds: number): string =>
  seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${Number(seconds.toFixed(1))} s`
