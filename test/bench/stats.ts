/** The usual percentiles of a sample, in its own unit. */
export type Percentiles = { p50: number; p95: number; p99: number; max: number; samples: number }

export const percentiles = (values: readonly number[]): Percentiles => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN, samples: sorted.length }
}

export const median = (values: readonly number[]): number => percentiles(values).p50

export const round = (value: number): number => (value >= 100 ? Math.round(value) : Math.round(value * 100) / 100)

/** One clock for all processes of a machine (CLOCK_MONOTONIC), in milliseconds. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6
