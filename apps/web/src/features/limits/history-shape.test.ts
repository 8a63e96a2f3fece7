import { describe, expect, it } from 'vitest'
import { joinPoints, shapeOf } from './history-shape.ts'

const point = (minute: number, facts: { maxUsed?: number; maxWaiting?: number; granted?: number; waitMeanMs?: number } = {}) => ({
  at: new Date(minute * 60_000),
  maxUsed: 0,
  maxWaiting: 0,
  granted: 0,
  waitMeanMs: 0,
  waitMaxMs: facts.waitMeanMs ?? 0,
  ...facts,
})
const box = { width: 100, useHeight: 40, waitHeight: 20 }

describe('the picture of a limit', () => {
  it('puts the bound at its height, and use above it after the limit was lowered', () => {
    const shape = shapeOf([point(0, { maxUsed: 4 }), point(1, { maxUsed: 1 })], 2, box)
    expect(shape).toMatchObject({ maxUse: 4, boundY: 20 })
    expect(shape.line).toBe('M0,0 50,0 L50,30 100,30')
  })

  it('draws a bar only where somebody waited, and never one too small to see', () => {
    const shape = shapeOf([point(0), point(1, { maxWaiting: 1 }), point(2, { maxWaiting: 1000 })], null, box)
    expect(shape.bars.map((bar) => bar.height)).toEqual([2, 20])
    expect(shape.boundY).toBeNull()
  })

  it('draws nothing of nothing, without a number that is none', () => {
    expect(JSON.stringify(shapeOf([], null, box))).not.toContain('null,null')
    expect(shapeOf([], 3, box).area).toBe('')
  })

  it('keeps every peak and the mean wait when buckets are joined', () => {
    const points = Array.from({ length: 10 }, (_, minute) => point(minute))
    points[3] = point(3, { maxUsed: 9, maxWaiting: 7, granted: 1, waitMeanMs: 3000 })
    points[4] = point(4, { granted: 2, waitMeanMs: 6000 })
    const joined = joinPoints(points, 4)
    expect(joined.length).toBeLessThanOrEqual(4)
    expect(Math.max(...joined.map((each) => each.maxUsed))).toBe(9)
    expect(joined[1]).toMatchObject({ maxWaiting: 7, granted: 3, waitMeanMs: 5000 })
  })
})
