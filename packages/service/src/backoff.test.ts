import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'

describe('backoffMs', () => {
  it('grows by its factor up to its bound', () => {
    const delays = [1, 2, 3, 4, 5].map((attempt) => backoffMs({ attempt, baseMs: 100, maxMs: 1000, jitter: 0 }))
    expect(delays).toEqual([100, 200, 400, 800, 1000])
  })

  it('stays between the unjittered share and the whole, however many attempts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, jitter, random) => {
          const full = Math.min(60_000, 50 * 2 ** (attempt - 1))
          const delay = backoffMs({ attempt, baseMs: 50, maxMs: 60_000, jitter }, () => random)
          expect(delay).toBeGreaterThanOrEqual(Math.floor(full * (1 - jitter)))
          expect(delay).toBeLessThanOrEqual(full)
        },
      ),
    )
  })
})
