import type { LogLineView } from '@towline/contract/views'
import { describe, expect, it } from 'vitest'
import { lastWords } from './last-words.ts'

const line = (text: string, over: Partial<LogLineView> = {}): LogLineView => ({
  attempt: 1,
  stream: 'stdout',
  seq: 1,
  at: new Date(0),
  level: null,
  task: null,
  text,
  ...over,
})

describe('lastWords', () => {
  it('are the last troubled lines of that attempt, in order', () => {
    const lines = [
      line('a', { stream: 'stderr', attempt: 2 }),
      line('fine'),
      line('b', { stream: 'stderr' }),
      line('c', { stream: 'log', level: 'error' }),
    ]
    expect(lastWords(lines, 1)).toEqual(['b', 'c'])
  })
})
