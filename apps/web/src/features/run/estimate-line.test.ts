import type { LogLineView } from '@towline/contract/views'
import { expect, it } from 'vitest'
import { estimateLine } from './estimate-line.ts'

const line = (text: string, task: string | null = null): LogLineView => ({
  attempt: 1,
  stream: 'log',
  seq: 1,
  at: new Date(0),
  level: 'info',
  task,
  text,
})

it('guesses the height of a line by its length, its breaks and the room beside its task', () => {
  expect(estimateLine(line('short'), 800, true)).toBe(22)
  expect(estimateLine(line('x'.repeat(90)), 800, true)).toBe(42)
  expect(estimateLine(line('x'.repeat(80), 'read-page-1'), 800, true)).toBe(42)
  expect(estimateLine(line('x'.repeat(80)), 800, true)).toBe(22)
  expect(estimateLine(line('a\nb\nc'), 800, true)).toBe(62)
  expect(estimateLine(line('x'.repeat(500)), 800, false)).toBe(22)
  expect(estimateLine(line(''), 0, true)).toBe(22)
})
