import type { TaskRunView } from '@towline/contract/views'
import { expect, it } from 'vitest'
import { placeTasks } from './task-bars.ts'

const at = (ms: number): Date => new Date(1_900_000_000_000 + ms)
const taskOf = (key: string, changes: Partial<TaskRunView>): TaskRunView => ({
  key,
  name: key,
  attempt: 1,
  state: 'COMPLETED',
  message: null,
  try: 1,
  tags: [],
  dependsOn: [],
  reusedFrom: null,
  notReusable: null,
  createdAt: at(0),
  startedAt: null,
  endedAt: null,
  waiting: null,
  ...changes,
})
const ran = (key: string, from: number, to: number, attempt = 1): TaskRunView =>
  taskOf(key, { attempt, startedAt: at(from), endedAt: at(to) })

it('places bars by their share of the span, in the order of their start', () => {
  const { bars, startMs, endMs } = placeTasks([ran('b', 50, 100), ran('a', 0, 50)], [], 0)
  expect(endMs - startMs).toBe(100)
  expect(bars.map(({ task, left, width }) => [task.key, left, width])).toEqual([
    ['a', 0, 50],
    ['b', 50, 50],
  ])
})

it('tasks that were taken over go first, in the order in which they once ran, without a bar', () => {
  const first = [ran('z-extract', 0, 10), ran('a-load', 10, 20), ran('fail', 20, 30)]
  const reused = (key: string) => taskOf(key, { attempt: 2, reusedFrom: 1, createdAt: at(1005), endedAt: at(1005) })
  const second = [ran('b-ran', 1000, 1010, 2), reused('a-load'), reused('z-extract'), ran('fail', 1010, 1100, 2)]
  const { bars } = placeTasks(second, [...first, ...second], 0)
  expect(bars.map(({ task, width }) => [task.key, width > 0])).toEqual([
    ['z-extract', false],
    ['a-load', false],
    ['b-ran', true],
    ['fail', true],
  ])
})
