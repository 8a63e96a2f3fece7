import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateWait } from './estimate-wait.ts'

const one = { slots: 1, weight: 1, place: 1, holders: [{ ageMs: 0, weight: 1 }], lately: [50, 60, 70] }

describe('estimate of a wait', () => {
  it('is what the holder has left, and as long again for everybody before', () => {
    expect(estimateWait(one)).toBe(60)
    expect(estimateWait({ ...one, holders: [{ ageMs: 20, weight: 1 }] })).toBe(40)
    expect(estimateWait({ ...one, holders: [{ ageMs: 20, weight: 1 }], place: 3 })).toBe(40 + 60 + 60)
  })

  it('knows that who has kept it for long gives it back like those who kept theirs longer, and says nothing of one who outlasts all', () => {
    expect(estimateWait({ ...one, holders: [{ ageMs: 65, weight: 1 }] })).toBe(5)
    expect(estimateWait({ ...one, holders: [{ ageMs: 70, weight: 1 }] })).toBeNull()
    const both = [
      { ageMs: 5000, weight: 1 },
      { ageMs: 10, weight: 1 },
    ]
    expect(estimateWait({ ...one, slots: 2, holders: both })).toBe(50)
    expect(estimateWait({ ...one, slots: 2, holders: both, place: 2 })).toBe(110)
    expect(estimateWait({ ...one, slots: 2, holders: both, weight: 2 })).toBeNull()
  })

  it('counts free slots as free, and of a lowered limit those that must come back first', () => {
    expect(estimateWait({ ...one, slots: 3, weight: 2 })).toBe(0)
    const two = [
      { ageMs: 10, weight: 1 },
      { ageMs: 0, weight: 1 },
    ]
    expect(estimateWait({ ...one, holders: two })).toBe(60)
  })

  it('is none without holders of lately, slots, or room for it ever', () => {
    expect(estimateWait({ ...one, lately: [] })).toBeNull()
    expect(estimateWait({ ...one, slots: 0 })).toBeNull()
    expect(estimateWait({ ...one, slots: null })).toBeNull()
    expect(estimateWait({ ...one, weight: 2 })).toBeNull()
    expect(estimateWait({ ...one, weight: 0 })).toBeNull()
  })

  it('never shrinks with the place in line', () => {
    const holder = fc.record({ ageMs: fc.nat(100), weight: fc.integer({ min: 1, max: 3 }) })
    const facts = fc.record({
      slots: fc.integer({ min: 1, max: 6 }),
      weight: fc.integer({ min: 1, max: 3 }),
      holders: fc.array(holder, { maxLength: 5 }),
      lately: fc.array(fc.nat(100), { minLength: 1, maxLength: 8 }),
    })
    fc.assert(
      fc.property(facts, fc.integer({ min: 1, max: 30 }), (given, place) => {
        const here = estimateWait({ ...given, place }) ?? Number.POSITIVE_INFINITY
        expect(estimateWait({ ...given, place: place + 1 }) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(here)
      }),
    )
  })
})
