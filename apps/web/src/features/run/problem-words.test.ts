import { ATTEMPT_OUTCOMES } from '@towline/contract/problems'
import { describe, expect, it } from 'vitest'
import { OUTCOME_WORDS, problemTitle } from './problem-words.ts'

const problem = { reason: 'out-of-memory', attempt: 2, at: new Date(), what: '', done: null, remedy: null } as const

describe('problemTitle', () => {
  it('says it of the run when that has ended, and of the attempt while the run goes on', () => {
    expect(problemTitle(problem, true)).toBe('It ran out of memory')
    expect(problemTitle(problem, false)).toBe('Attempt 2: it ran out of memory')
  })
})

it('has a word for every way in which an attempt ends', () => {
  for (const outcome of ATTEMPT_OUTCOMES) expect(OUTCOME_WORDS).toHaveProperty(outcome)
})
