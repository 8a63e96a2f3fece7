import type { TaskRunView } from '@towline/contract/views'
import { type TaskKind, taskKind } from '../../../ui/state/state-look.ts'

/** All task runs of one name: a fan-out over 10,000 pages is one box, a chain of ten names ten. */
export type TaskGroup = {
  name: string
  keys: string[]
  counts: Partial<Record<TaskKind, number>>
  startMs: number | null
  /** Null while one of them has no end. */
  endMs: number | null
  /** Place in the picture: columns follow the edges, rows keep neighbours near. */
  column: number
  row: number
}
export type GroupEdge = { from: string; to: string; count: number }
export type TaskGraph = { groups: TaskGroup[]; edges: GroupEdge[]; columns: number; rows: number }

const gather = (tasks: TaskRunView[]): Map<string, TaskGroup> => {
  const groups = new Map<string, TaskGroup>()
  for (const task of tasks) {
    const group = groups.get(task.name) ?? { name: task.name, keys: [], counts: {}, startMs: null, endMs: 0, column: 0, row: 0 }
    groups.set(task.name, group)
    group.keys.push(task.key)
    const kind = taskKind(task)
    group.counts[kind] = (group.counts[kind] ?? 0) + 1
    const started = task.startedAt?.getTime() ?? null
    if (started !== null) group.startMs = Math.min(group.startMs ?? started, started)
    group.endMs = task.endedAt === null || group.endMs === null ? null : Math.max(group.endMs, task.endedAt.getTime())
  }
  return groups
}

/** Edges between names, forwards only: a task may follow one of its own name, and names may call each other in turn. */
const connect = (tasks: TaskRunView[], groups: Map<string, TaskGroup>): GroupEdge[] => {
  const nameOf = new Map(tasks.map((task) => [task.key, task.name]))
  const order = new Map([...groups.keys()].map((name, index) => [name, index]))
  const edges = new Map<string, GroupEdge>()
  for (const task of tasks) {
    for (const key of task.dependsOn) {
      const from = nameOf.get(key)
      if (from === undefined || (order.get(from) ?? 0) >= (order.get(task.name) ?? 0)) continue
      const id = JSON.stringify([from, task.name])
      const edge = edges.get(id) ?? { from, to: task.name, count: 0 }
      edge.count += 1
      edges.set(id, edge)
    }
  }
  return [...edges.values()]
}

/** A column is the longest way from a beginning; within it, groups stand at the mean height of those that they follow. */
export const layoutGraph = (tasks: TaskRunView[]): TaskGraph => {
  const groups = gather(tasks)
  const edges = connect(tasks, groups)
  const columns: TaskGroup[][] = []
  const before = (name: string): TaskGroup[] =>
    edges.flatMap((edge) => (edge.to === name ? [groups.get(edge.from)].filter((group) => group !== undefined) : []))
  for (const group of groups.values()) {
    group.column = before(group.name).reduce((most, from) => Math.max(most, from.column + 1), 0)
    const column = columns[group.column] ?? []
    columns[group.column] = column
    column.push(group)
  }
  for (const column of columns) {
    const height = (group: TaskGroup): number => {
      const froms = before(group.name)
      return froms.length === 0 ? 0 : froms.reduce((sum, from) => sum + from.row, 0) / froms.length
    }
    const heights = new Map(column.map((group) => [group.name, height(group)]))
    column.sort((a, b) => (heights.get(a.name) ?? 0) - (heights.get(b.name) ?? 0))
    for (const [row, group] of column.entries()) group.row = row
  }
  return { groups: [...groups.values()], edges, columns: columns.length, rows: Math.max(0, ...columns.map((column) => column.length)) }
}

const WORST: TaskKind[] = ['FAILED', 'RETRYING', 'RUNNING', 'WAITING', 'PENDING', 'CANCELLED', 'COMPLETED', 'REUSED']

/** The state that its box shows: what needs a look first. */
export const stateOfGroup = ({ counts }: TaskGroup): TaskKind => WORST.find((state) => counts[state]) ?? 'PENDING'
