import type { RunBar } from '@towline/contract/views'
import { expect, it } from 'vitest'
import { recentFacts } from './recent-facts.ts'

const bar = (state: RunBar['state'], durationMs: number | null): RunBar => ({ id: state, state, durationMs, at: new Date(0) })

it('counts what ended and takes durations from what completed', () => {
  const recent = [
    bar('Completed', 100),
    bar('Failed', 5000),
    bar('Cached', 300),
    bar('Completed', 200),
    bar('Running', 90),
    bar('Late', null),
  ]
  expect(recentFacts(recent)).toEqual({ ended: 4, completed: 3, medianMs: 200, lastMs: 200 })
  expect(recentFacts([bar('Running', 5)])).toEqual({ ended: 0, completed: 0, medianMs: null, lastMs: null })
})
