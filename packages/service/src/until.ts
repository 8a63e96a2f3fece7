import { setTimeout as sleep } from 'node:timers/promises'

type UntilOptions = { timeoutMs?: number; intervalMs?: number; what?: string }

/**
 * For tests: waits until the condition gives something other than false, null or undefined, and returns it. A condition that throws
 * counts as "not yet"; its last error is the cause when time runs out.
 */
export const until = async <T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 5, what = 'the condition' }: UntilOptions = {},
): Promise<Exclude<T, false | null | undefined>> => {
  const end = Date.now() + timeoutMs
  let cause: unknown
  for (;;) {
    try {
      const value = await condition()
      if (value !== false && value !== null && value !== undefined) return value as Exclude<T, false | null | undefined>
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (Date.now() >= end) throw new Error(`${what} did not come true within ${timeoutMs} ms`, { cause })
    await sleep(intervalMs)
  }
}
