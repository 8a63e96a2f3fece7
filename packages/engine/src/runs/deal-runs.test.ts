import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dealRuns } from './deal-runs.ts'

const taker = (agentId: string, credits: number) => ({ agentId, agentName: agentId, credits })
const deal = (count: number, ...credits: number[]): string =>
  dealRuns(
    Array.from({ length: count }, (_, i) => i),
    credits.map((each, i) => taker('abcdef'[i] ?? '?', each)),
  )
    .map(([run, { agentId }]) => `${run}${agentId}`)
    .join(' ')

describe('dealing runs to agents', () => {
  it('a few runs spread over the emptiest, many fill everybody up', () => {
    expect(deal(2, 1, 5, 3)).toBe('0b 1c')
    expect(deal(6, 1, 4, 2)).toBe('0b 1c 2a 3b 4c 5b')
    expect(deal(9, 1, 1)).toBe('0a 1b')
    expect(deal(3, 0, -1)).toBe('')
  })

  it('nobody gets more than its credit, no run is dealt twice, and none is left while there is credit', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.array(fc.integer({ min: -2, max: 12 }), { maxLength: 8 }), (count, credits) => {
        const takers = credits.map((each, i) => taker(String(i), each))
        const dealt = dealRuns(
          Array.from({ length: count }, (_, i) => i),
          takers,
        )
        const room = credits.reduce((sum, each) => sum + Math.max(0, each), 0)
        expect(dealt.map(([run]) => run)).toEqual(Array.from({ length: Math.min(count, room) }, (_, i) => i))
        for (const each of takers) expect(dealt.filter(([, to]) => to === each).length).toBeLessThanOrEqual(Math.max(0, each.credits))
      }),
    )
  })
})
