import { expect, it } from 'vitest'
import { reuseWords } from './reuse-words.ts'

const other = (reason: string, tasks: number) => ({ reason, tasks })

it.each([
  [{ tasks: 1, others: [] }, 'Takes over the result of 1 finished task.'],
  [
    { tasks: 12, others: [other('its result contains a Date', 1)] },
    'Takes over the results of 12 finished tasks. 1 finished task runs again: its result contains a Date.',
  ],
  [{ tasks: 0, others: [other('storeResult is false', 2)] }, '2 finished tasks run again: storeResult is false.'],
  [
    { tasks: 0, others: [other('a', 4), other('b', 3), other('c', 2), other('d', 1)] },
    '10 finished tasks run again: a (4), b (3), c (2), other reasons.',
  ],
])('%j is said as %s', (view, words) => {
  expect(reuseWords(view)).toBe(words)
})
