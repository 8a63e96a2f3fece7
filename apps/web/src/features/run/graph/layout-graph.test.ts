import type { TaskRunView } from '@towline/contract/views'
import { describe, expect, it } from 'vitest'
import { layoutGraph, stateOfGroup } from './layout-graph.ts'

const at = (ms: number) => new Date(ms)
const task = (key: string, name: string, dependsOn: string[] = [], more: Partial<TaskRunView> = {}): TaskRunView => ({
  key,
  name,
  attempt: 1,
  state: 'COMPLETED',
  message: null,
  try: 1,
  tags: [],
  dependsOn,
  reusedFrom: null,
  notReusable: null,
  createdAt: at(0),
  startedAt: at(10),
  endedAt: at(20),
  waiting: null,
  ...more,
})
const places = (tasks: TaskRunView[]) => Object.fromEntries(layoutGraph(tasks).groups.map(({ name, column, row }) => [name, [column, row]]))

describe('the graph of task runs', () => {
  it('makes one box of a name, and one edge of many', () => {
    const tasks = [
      task('list', 'list'),
      ...[1, 2, 3].map((n) => task(`page-${n}`, 'page', ['list'], { startedAt: at(n * 10), endedAt: at(100 - n) })),
      task('sum', 'sum', ['page-1', 'page-2', 'page-3'], { state: 'RUNNING', endedAt: null }),
    ]
    const graph = layoutGraph(tasks)
    expect(graph).toMatchObject({ columns: 3, rows: 1 })
    expect(graph.groups[1]).toMatchObject({
      name: 'page',
      keys: ['page-1', 'page-2', 'page-3'],
      counts: { COMPLETED: 3 },
      startMs: 10,
      endMs: 99,
    })
    expect(graph.groups[2]).toMatchObject({ endMs: null })
    expect(graph.edges).toEqual([
      { from: 'list', to: 'page', count: 3 },
      { from: 'page', to: 'sum', count: 3 },
    ])
  })

  it('puts a group behind the longest way to it, beside those that it follows', () => {
    const tasks = [task('a', 'a'), task('b', 'b'), task('c', 'c', ['b']), task('d', 'd', ['a']), task('e', 'e', ['a', 'c'])]
    expect(places(tasks)).toEqual({ a: [0, 0], b: [0, 1], c: [1, 1], d: [1, 0], e: [2, 0] })
  })

  it('ends for names that follow themselves or each other, and for edges to nowhere', () => {
    const tasks = [task('a', 'a', ['gone']), task('b', 'b', ['a']), task('a-2', 'a', ['a', 'b']), task('b-2', 'b', ['b'])]
    expect(places(tasks)).toEqual({ a: [0, 0], b: [1, 0] })
    expect(layoutGraph([])).toEqual({ groups: [], edges: [], columns: 0, rows: 0 })
  })

  it('shows of a group what needs a look first', () => {
    const group = (...states: TaskRunView['state'][]) =>
      layoutGraph(states.map((state, index) => task(`t-${index}`, 't', [], { state }))).groups.map(stateOfGroup)
    expect(group('COMPLETED', 'FAILED', 'RUNNING')).toEqual(['FAILED'])
    expect(group('COMPLETED', 'PENDING', 'RUNNING')).toEqual(['RUNNING'])
    expect(group('COMPLETED', 'CANCELLED')).toEqual(['CANCELLED'])
  })

  it('tells what was taken over and what stands in line from what ran and what is about to', () => {
    const [reused, line] = layoutGraph([
      task('r', 'r', [], { reusedFrom: 1, startedAt: null }),
      task('w', 'w', [], { state: 'PENDING', startedAt: null, endedAt: null, waiting: { text: 'full' } as TaskRunView['waiting'] }),
    ]).groups
    expect(reused && [reused.counts, stateOfGroup(reused)]).toEqual([{ REUSED: 1 }, 'REUSED'])
    expect(line && [line.counts, stateOfGroup(line)]).toEqual([{ WAITING: 1 }, 'WAITING'])
  })
})
