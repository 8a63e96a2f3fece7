import { ManualClock } from '@towline/service/clock'
import { expect, it } from 'vitest'
import { createRateLimits, LIMITS } from './rate-limits.ts'

const codeOf = (take: () => void): string => {
  try {
    take()
    return 'taken'
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown'
  }
}

it('lets a burst through, then one per interval, and says how long to wait', () => {
  const clock = new ManualClock()
  const limits = createRateLimits(clock)
  for (let index = 0; index < LIMITS.signIn.burst; index++) limits.take('signIn', 'ada')
  expect(codeOf(() => limits.take('signIn', 'ada'))).toBe('Too many requests. Try again in 10 seconds.')
  expect(codeOf(() => limits.take('signIn', 'grace'))).toBe('taken')
  expect(codeOf(() => limits.take('signUp', 'ada'))).toBe('taken')
  clock.advance({ seconds: 9 })
  expect(codeOf(() => limits.take('signIn', 'ada'))).toBe('Too many requests. Try again in 1 second.')
  clock.advance({ seconds: 1 })
  expect(codeOf(() => limits.take('signIn', 'ada'))).toBe('taken')
  expect(codeOf(() => limits.take('signIn', 'ada'))).not.toBe('taken')
})

it('keeps a limit that is used up while strangers fill the memory', () => {
  const clock = new ManualClock()
  const limits = createRateLimits(clock)
  for (let index = 0; index < LIMITS.signUp.burst; index++) limits.take('signUp', 'busy')
  for (let index = 0; index < 60_000; index++) {
    limits.take('anonymous', `stranger ${index}`)
    if (index % 100 === 0) clock.advance({ ms: 50 })
  }
  expect(codeOf(() => limits.take('signUp', 'busy'))).toContain('Too many requests')
})
