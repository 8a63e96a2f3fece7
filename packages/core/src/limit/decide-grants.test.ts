import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, callNext, decideGrants, type LimitFacts, rankOf } from './decide-grants.ts'

const limit = (id: string, more: Partial<LimitFacts> = {}): LimitFacts => ({
  id,
  slots: 1,
  used: 0,
  rate: null,
  starts: [],
  line: [],
  ...more,
})
const run = (id: string, demands: Record<string, number>, more: Partial<Candidate> = {}): Candidate => ({
  id,
  tier: 100,
  rank: 0,
  demands: Object.entries(demands).map(([limitId, weight]) => ({ limitId, weight })),
  ...more,
})
const standing = (id: string, weight = 1, more = {}) => ({ id, tier: 100, rank: 0, weight, called: false, ...more })
const inWords = (grants: ReturnType<typeof decideGrants>): string[] =>
  grants.map((grant) => (grant.kind === 'blocked' ? `${grant.id} ${grant.hold} at ${grant.limitId}` : `${grant.id} ${grant.kind}`))

describe('decideGrants', () => {
  it('takes all demands of a candidate or none', () => {
    const limits = [limit('x'), limit('y', { used: 1 })]
    expect(inWords(decideGrants([run('a', { x: 1, y: 1 }), run('b', { x: 1 })], limits, 0))).toEqual(['a full at y', 'b granted'])
  })

  it('says why: paused, too heavy, full, rate, in line', () => {
    const rate = { count: 1, windowMs: 100 }
    const cases: [LimitFacts, string][] = [
      [limit('x', { slots: 0 }), 'a paused at x'],
      [limit('x', { slots: 1 }), 'a too-heavy at x'],
      [limit('x', { slots: 2, used: 1 }), 'a full at x'],
      [limit('x', { slots: null, rate: { ...rate, count: 2 }, starts: [{ at: 50, weight: 1 }] }), 'a rate at x'],
      [limit('x', { slots: 2, line: [standing('0')] }), 'a in-line at x'],
    ]
    for (const [facts, words] of cases) expect(inWords(decideGrants([run('a', { x: 2 })], [facts], 60))).toEqual([words])
    const [grant] = decideGrants([run('a', { x: 1 })], [limit('x', { rate, slots: null, starts: [{ at: 50, weight: 1 }] })], 60)
    expect(grant).toMatchObject({ until: 150 })
  })

  it('whoever was called is let in, though another who was called stands ahead of it', () => {
    const line = [standing('a', 1, { called: true }), standing('b', 1, { called: true, rank: 1 }), standing('c', 1, { rank: 2 })]
    const facts = limit('x', { slots: 2, line })
    expect(inWords(decideGrants([run('b', { x: 1 }, { rank: 1 }), run('new', { x: 1 }, { rank: 9 })], [facts], 0))).toEqual([
      'b granted',
      'new in-line at x',
    ])
  })

  it('decides for no more than there is room for at the agents', () => {
    expect(inWords(decideGrants([run('a', {}), run('b', {})], [], 0, 1))).toEqual(['a granted', 'b left'])
  })

  it('a point of priority is a minute of waiting', () => {
    expect(rankOf(60_000, 1)).toBe(rankOf(0, 0))
  })
})

const facts = fc.record({
  slots: fc.option(fc.integer({ min: 0, max: 4 })),
  used: fc.integer({ min: 0, max: 4 }),
  line: fc.array(fc.record({ weight: fc.integer({ min: 1, max: 3 }), rank: fc.integer({ min: 0, max: 9 }), called: fc.boolean() }), {
    maxLength: 5,
  }),
})
const world = fc.record({
  limits: fc.tuple(facts, facts, facts),
  runs: fc.array(
    fc.record({
      rank: fc.integer({ min: 0, max: 9 }),
      demands: fc.dictionary(fc.constantFrom('l0', 'l1', 'l2'), fc.integer({ min: 1, max: 3 })),
    }),
    { maxLength: 8 },
  ),
})
const factsOf = (rows: { slots: number | null; used: number; line: { weight: number; rank: number; called: boolean }[] }[]): LimitFacts[] =>
  rows.map((row, index) =>
    limit(`l${index}`, {
      slots: row.slots,
      used: row.used,
      line: row.line
        .filter((one) => row.slots === null || one.weight <= row.slots)
        .sort((a, b) => a.rank - b.rank)
        .map((one, place) => standing(`w${index}${place}`, one.weight, one)),
    }),
  )

describe('over any facts', () => {
  it('no limit is exceeded by what is granted', () => {
    fc.assert(
      fc.property(world, ({ limits, runs }) => {
        const known = factsOf(limits)
        const candidates = runs.map((one, index) => run(`r${index}`, one.demands, { rank: one.rank }))
        const granted = new Set(decideGrants(candidates, known, 0).flatMap((grant) => (grant.kind === 'granted' ? [grant.id] : [])))
        for (const one of known) {
          const added = candidates
            .filter((candidate) => granted.has(candidate.id))
            .flatMap((candidate) => candidate.demands.filter((demand) => demand.limitId === one.id))
            .reduce((sum, demand) => sum + demand.weight, 0)
          if (added > 0 && one.slots !== null) expect(one.used + added).toBeLessThanOrEqual(one.slots)
        }
      }),
    )
  })

  it('whoever is called fits together with all ahead of it, and the first who is not called does not', () => {
    fc.assert(
      fc.property(world, ({ limits }) => {
        for (const one of factsOf(limits)) {
          const { call, next } = callNext(one, 0)
          const served = one.line.slice(0, next === null ? one.line.length : one.line.findIndex((place) => place.id === next.id))
          const weight = served.reduce((sum, place) => sum + place.weight, 0)
          expect(call).toEqual(served.filter((place) => !place.called).map((place) => place.id))
          if (one.slots !== null && served.length > 0) expect(one.used + weight).toBeLessThanOrEqual(one.slots)
          if (next !== null && one.slots !== null)
            expect(one.used + weight + (one.line.find((place) => place.id === next.id)?.weight ?? 0)).toBeGreaterThan(one.slots)
        }
      }),
    )
  })
})
