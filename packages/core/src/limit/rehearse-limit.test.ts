import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LimitSetting, type PastHolder, rehearseLimit, replayLimit } from './rehearse-limit.ts'

const holder = (id: string, arrivedAt: number, heldMs: number, more: Partial<PastHolder> = {}): PastHolder => ({
  id,
  group: 'etl',
  arrivedAt,
  heldMs,
  weight: 1,
  priority: 0,
  ...more,
})
const slots = (n: number | null): LimitSetting => ({ slots: n, rate: null })

describe('replayLimit', () => {
  it('lets each in when there is room, in the order of arrival', () => {
    const { waits, summary } = replayLimit([holder('a', 0, 10), holder('b', 0, 10), holder('c', 5, 10)], slots(1))
    expect([...waits]).toEqual([
      ['a', 0],
      ['b', 10],
      ['c', 15],
    ])
    expect(summary).toMatchObject({ max: 15, peakLine: 2, peakUse: 1, never: 0, endedAt: 30 })
  })

  it('a heavy one is not passed by light ones behind it, and one that is too heavy never comes in', () => {
    const { waits } = replayLimit(
      [holder('a', 0, 10), holder('b', 1, 10, { weight: 2 }), holder('c', 2, 10), holder('d', 3, 1, { weight: 3 })],
      slots(2),
    )
    expect(Object.fromEntries(waits)).toEqual({ a: 0, b: 9, c: 18, d: null })
  })

  it('a rate lets in so many per window', () => {
    const arrivals = ['a', 'b', 'c', 'd', 'e'].map((id) => holder(id, 0, 1))
    const { waits } = replayLimit(arrivals, { slots: null, rate: { count: 2, windowMs: 100 } })
    expect([...waits.values()]).toEqual([0, 0, 100, 100, 200])
  })
})

const history = fc.array(
  fc.record({
    arrivedAt: fc.integer({ min: 0, max: 1000 }),
    heldMs: fc.integer({ min: 0, max: 200 }),
    weight: fc.integer({ min: 1, max: 3 }),
    priority: fc.integer({ min: -2, max: 2 }),
    group: fc.constantFrom('a', 'b'),
  }),
  { maxLength: 60 },
)
const withIds = (rows: Omit<PastHolder, 'id'>[]): PastHolder[] => rows.map((row, index) => ({ ...row, id: String(index).padStart(3, '0') }))

describe('over any history', () => {
  it('nobody is forgotten, no wait is negative, and the limit is never exceeded', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 5 }), (rows, bound) => {
        const { waits, summary } = replayLimit(withIds(rows), slots(bound))
        expect(waits.size).toBe(rows.length)
        expect(summary.peakUse).toBeLessThanOrEqual(bound)
        for (const wait of waits.values()) expect(wait ?? 0).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('without a limit nobody waits, and a setting compared with itself changes nothing', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 5 }), (rows, bound) => {
        expect(replayLimit(withIds(rows), slots(null)).summary).toMatchObject({ max: 0, peakLine: 0, never: 0 })
        const { before, after } = rehearseLimit(withIds(rows), slots(bound), slots(bound))
        expect(after).toEqual(before)
      }),
    )
  })
})
