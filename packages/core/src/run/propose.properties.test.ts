import { isFinal, STATE_NAMES, type StateName, typeOf } from '@towline/contract/states'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance } from './advance.ts'
import type { RunFacts } from './facts.ts'
import { propose } from './propose.ts'
import { CAUSES, factsOf, NOW } from './test-facts.ts'

type Step = { cause: string; attemptOffset: number; transitionId: string | null; random: number; seconds: number }

const step: fc.Arbitrary<Step> = fc.record({
  cause: fc.constantFrom(...Object.keys(CAUSES)),
  attemptOffset: fc.integer({ min: -2, max: 2 }),
  transitionId: fc.option(fc.constantFrom('t1', 't2', 't3', 't4', 't5', 't6')),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  seconds: fc.integer({ min: 0, max: 120 }),
})

/** Takes a step; says what was decided and what it made of the facts. */
const take = (facts: RunFacts, { cause: name, attemptOffset, transitionId, random }: Step, now: Date) => {
  const entry = CAUSES[name]
  if (!entry) throw new Error(name)
  const attempt = entry.by === 'attempt' ? facts.attempt + attemptOffset : null
  const decision = propose(facts, { cause: entry.cause, attempt, transitionId }, now, () => random)
  const next = decision.kind === 'accepted' && decision.change ? advance(facts, decision.change, transitionId, now) : facts
  return { decision, next, attempt, cause: entry.cause }
}

const everyStep = (check: (before: RunFacts, taken: ReturnType<typeof take>, step: Step) => void): void => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let facts = factsOf('Scheduled', { retries: { failures: 2, crashes: 2, delaySeconds: 1, factor: 2, jitter: 0.2 } })
      let now = NOW
      for (const one of steps) {
        now = new Date(now.getTime() + one.seconds * 1000)
        const taken = take(facts, one, now)
        check(facts, taken, one)
        facts = taken.next
      }
    }),
    { numRuns: 300 },
  )
}

describe('over any sequence of proposals', () => {
  it('a final state is left only by a retry of a person', () => {
    everyStep((before, { next, cause }) => {
      if (isFinal(typeOf(before.state)) && next !== before) expect(cause.kind).toBe('retry')
    })
  })

  it('a transition id takes effect at most once', () => {
    everyStep((before, { next, decision }, { transitionId }) => {
      if (transitionId === null || !before.applied.has(transitionId)) return
      expect(decision.kind).toBe('accepted')
      expect(next).toBe(before)
    })
  })

  it('a fenced attempt never changes anything, nor does one without its lease', () => {
    everyStep((before, { next, attempt }) => {
      if (attempt === null || (attempt === before.attempt && before.leased)) return
      expect(next).toBe(before)
    })
  })

  it('a lease is held in PENDING, RUNNING and CANCELLING, and in no other state', () => {
    everyStep((_before, { next }) => {
      expect(next.leased).toBe(['PENDING', 'RUNNING', 'CANCELLING'].includes(typeOf(next.state)))
    })
  })

  it('only scheduled runs are ready, attempt numbers only grow, and budgets are never overspent', () => {
    everyStep((before, { next }) => {
      if (next.ready) expect(typeOf(next.state)).toBe('SCHEDULED')
      expect(next.attempt).toBeGreaterThanOrEqual(before.attempt)
      expect(next.attempt).toBeLessThanOrEqual(before.attempt + 1)
      expect(next.failures).toBeLessThanOrEqual(next.retries.failures)
      expect(next.crashes).toBeLessThanOrEqual(next.retries.crashes)
    })
  })

  it('a deadline is held only while an attempt is to start or runs', () => {
    everyStep((_before, { next }) => {
      if (next.deadlineAt !== null) expect(['PENDING', 'RUNNING']).toContain(typeOf(next.state))
      if (typeOf(next.state) === 'PENDING') expect(next.deadlineAt).not.toBeNull()
    })
  })

  it('ended means final', () => {
    everyStep((_before, { next }) => {
      expect(next.endedAt !== null).toBe(isFinal(typeOf(next.state)))
    })
  })
})

it('decides from every state name', () => {
  for (const name of Object.keys(STATE_NAMES) as StateName[]) {
    for (const cause of Object.keys(CAUSES)) {
      expect(() => take(factsOf(name), { cause, attemptOffset: 0, transitionId: null, random: 0, seconds: 0 }, NOW)).not.toThrow()
    }
  }
})
