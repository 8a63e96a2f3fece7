import type { TaskRunView } from '@towline/contract/views'

export type TaskBar = { task: TaskRunView; left: number; width: number; waitLeft: number; waitWidth: number }

/** Places of the bars in percent of the span that all tasks of the attempt cover. */
export const placeTasks = (tasks: TaskRunView[], now: number): { bars: TaskBar[]; startMs: number; endMs: number } => {
  const startMs = tasks.reduce((least, task) => Math.min(least, task.createdAt.getTime()), Number.POSITIVE_INFINITY)
  const endOf = (task: TaskRunView) => task.endedAt?.getTime() ?? Math.max(now, task.startedAt?.getTime() ?? task.createdAt.getTime())
  const endMs = tasks.reduce((most, task) => Math.max(most, endOf(task)), startMs + 1)
  const share = (ms: number) => (Math.max(0, ms) / (endMs - startMs)) * 100
  const bars = [...tasks]
    .sort(
      (a, b) =>
        (a.startedAt ?? a.createdAt).getTime() - (b.startedAt ?? b.createdAt).getTime() || a.createdAt.getTime() - b.createdAt.getTime(),
    )
    .map((task) => {
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
