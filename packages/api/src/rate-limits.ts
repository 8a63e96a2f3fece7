import { AppError } from '@towline/contract/app-error'
import type { Clock } from '@towline/service/clock'

/** Token buckets: `burst` at once, then one more every `everySeconds`. They live in this process; with n web processes a caller may get n times as much. */
export const LIMITS = {
  signUp: { burst: 10, everySeconds: 60 },
  /** Per email and address: slows guessing without letting a stranger lock somebody out. */
  signIn: { burst: 10, everySeconds: 10 },
  /** Per address, over all emails. */
  signInAddress: { burst: 60, everySeconds: 2 },
  loginStart: { burst: 20, everySeconds: 10 },
  loginPoll: { burst: 60, everySeconds: 0.5 },
  /** Guessing the short code of a waiting CLI, per person. */
  loginCode: { burst: 30, everySeconds: 5 },
  anonymous: { burst: 200, everySeconds: 0.1 },
  caller: { burst: 2000, everySeconds: 0.002 },
} as const

export type LimitName = keyof typeof LIMITS
export type RateLimits = { take: (name: LimitName, key: string) => void }

/** Beyond this many buckets the full ones (of callers that are quiet) are dropped. */
const MAX_BUCKETS = 50_000

export const createRateLimits = (clock: Clock): RateLimits => {
  const buckets = new Map<string, { tokens: number; at: number; full: number }>()
  return {
    take: (name, key) => {
      const { burst, everySeconds } = LIMITS[name]
      const now = clock.now().getTime()
      const id = `${name} ${key}`
      const bucket = buckets.get(id)
      const tokens = bucket === undefined ? burst : Math.min(burst, bucket.tokens + (now - bucket.at) / (everySeconds * 1000))
      if (tokens < 1) {
        const seconds = Math.ceil((1 - tokens) * everySeconds)
        throw new AppError('rate_limited', `Too many requests. Try again in ${seconds} second${seconds === 1 ? '' : 's'}.`, {
          detail: { limit: name },
        })
      }
      const left = tokens - 1
      buckets.delete(id)
      buckets.set(id, { tokens: left, at: now, full: now + (burst - left) * everySeconds * 1000 })
      if (buckets.size > MAX_BUCKETS) prune(buckets, now)
    },
  }
}

const prune = (buckets: Map<string, { full: number }>, now: number): void => {
  for (const [id, bucket] of buckets) if (bucket.full <= now) buckets.delete(id)
  // All of them busy: forget the oldest half rather than grow without end.
  if (buckets.size > MAX_BUCKETS) for (const id of [...buckets.keys()].slice(0, MAX_BUCKETS / 2)) buckets.delete(id)
}
