import type { TaskRunView } from '@towline/contract/views'

export type TaskBar = { task: TaskRunView; left: number; width: number; waitLeft: number; waitWidth: number }

const startOf = (task: TaskRunView): number => (task.startedAt ?? task.createdAt).getTime()

/** Tasks that were taken over came in one moment: they go first, in the order in which they once ran. The others follow as they started. */
const inOrder = (tasks: TaskRunView[], earlier: TaskRunView[]): TaskRunView[] => {
  if (!tasks.some((task) => task.reusedFrom !== null)) return [...tasks].sort(byStart)
  const once = new Map(earlier.map((task) => [`${task.attempt}/${task.key}`, startOf(task)]))
  const place = (task: TaskRunView): number => once.get(`${task.reusedFrom}/${task.key}`) ?? startOf(task)
  const reused = tasks.filter((task) => task.reusedFrom !== null).sort((a, b) => place(a) - place(b))
  return [...reused, ...tasks.filter((task) => task.reusedFrom === null).sort(byStart)]
}

const byStart = (a: TaskRunView, b: TaskRunView): number => startOf(a) - startOf(b) || a.createdAt.getTime() - b.createdAt.getTime()

/** Places of the bars in percent of the span that all tasks of the attempt cover. `earlier`: the tasks of all attempts. */
export const placeTasks = (
  tasks: TaskRunView[],
  earlier: TaskRunView[],
  now: number,
): { bars: TaskBar[]; startMs: number; endMs: number } => {
  const startMs = tasks.reduce((least, task) => Math.min(least, task.createdAt.getTime()), Number.POSITIVE_INFINITY)
  const endOf = (task: TaskRunView) => task.endedAt?.getTime() ?? Math.max(now, task.startedAt?.getTime() ?? task.createdAt.getTime())
  const endMs = tasks.reduce((most, task) => Math.max(most, endOf(task)), startMs + 1)
  const share = (ms: number) => (Math.max(0, ms) / (endMs - startMs)) * 100
  const bars = inOrder(tasks, earlier).map((task) => {
    const created = task.createdAt.getTime()
    const started = task.startedAt?.getTime() ?? endOf(task)
    return {
      task,
      waitLeft: share(created - startMs),
      waitWidth: share(started - created),
      left: share(started - startMs),
      width: task.startedAt ? share(endOf(task) - started) : 0,
    }
  })
  return { bars, startMs, endMs }
}
