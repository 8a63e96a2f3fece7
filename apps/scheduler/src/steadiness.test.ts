import type { EngineContext } from '@towline/engine/context'
import { expect, it } from 'vitest'
import { dutiesOf } from './duties.ts'
import { Steadiness } from './steadiness.ts'

const rounds = (steadiness: Steadiness, start: number, seconds: number, reached = true): boolean[] =>
  Array.from({ length: seconds / 2 + 1 }, (_, i) => {
    const at = start + i * 2000
    const steady = steadiness.isSteady(at)
    if (reached) steadiness.succeeded(at)
    return steady
  })

it('is steady after a whole lease of rounds', () => {
  expect(rounds(new Steadiness(40), 0, 44)).toEqual([...Array(20).fill(false), true, true, true])
})

it('begins anew after a gap, and after rounds that did not reach the database', () => {
  const steadiness = new Steadiness(40)
  rounds(steadiness, 0, 40)
  expect(steadiness.isSteady(59_000)).toBe(true)
  expect(steadiness.isSteady(80_000)).toBe(false)
  expect(rounds(steadiness, 82_000, 40).at(-1)).toBe(true)
  expect(rounds(steadiness, 124_000, 20, false).at(-1)).toBe(false)
  expect(rounds(steadiness, 146_000, 38)).toEqual(Array(20).fill(false))
})

it('does not trust a clock that went back', () => {
  const steadiness = new Steadiness(40)
  rounds(steadiness, 0, 40)
  expect(steadiness.isSteady(30_000)).toBe(false)
})

it('is reached by the rounds of its duty, however short a lease is: none is so late that it looks like a gap', () => {
  for (const leaseSeconds of [0.5, 1, 4, 40, 400]) {
    const duty = dutiesOf({} as EngineContext, { leaseSeconds, keptDays: 90 }).find(({ name }) => name === 'expire-leases')
    if (!duty) throw new Error('no duty ends leases')
    const steadiness = new Steadiness(leaseSeconds)
    // The longest that a loop waits is a fifth more; a round may take as long again.
    const apartMs = duty.intervalMs * 1.2 * 2
    let now = 0
    for (; now < leaseSeconds * 1500; now += apartMs) {
      steadiness.isSteady(now)
      steadiness.succeeded(now)
    }
    expect(steadiness.isSteady(now), `${leaseSeconds} s`).toBe(true)
  }
})
