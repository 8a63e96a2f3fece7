import type { LogCursor, RunChange, RunDetail, RunEventView, TaskRunView } from '@towline/contract/views'
import { emptyLogs, type LogStore, mergeLogs } from './merge-logs.ts'

/**
 * Everything that one run page knows, filled by `runs.watch`. Modes: reading (the stream is open) → ended (the final
 * state and all logs are here). Changes are told once per frame, however many arrive.
 */
export class RunStream {
  run: RunDetail | null = null
  events: RunEventView[] = []
  tasks: TaskRunView[] = []
  readonly logs: LogStore = emptyLogs()
  cursor: LogCursor = {}
  mode: 'reading' | 'ended' = 'reading'
  version = 0
  private readonly taskIndex = new Map<string, number>()
  private readonly listeners = new Set<() => void>()
  private scheduled = false

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  /** The sequence after which a new stream has to begin. */
  get lastEvent(): number {
    return this.events.at(-1)?.seq ?? 0
  }

  apply(change: RunChange): void {
    if (change.run && (!this.run || change.run.eventSeq >= this.run.eventSeq)) this.run = change.run
    const after = this.lastEvent
    const fresh = change.events.filter((event) => event.seq > after)
    if (fresh.length > 0) this.events = [...this.events, ...fresh]
    if (change.tasks.length > 0) this.applyTasks(change.tasks)
    mergeLogs(this.logs, change.logs)
    this.cursor = { ...this.cursor, ...change.logCursor }
    this.tell()
  }

  end(): void {
    this.mode = 'ended'
    this.tell()
  }

  /** The run goes on after its end (it was retried): the page reads again. */
  reopen(): void {
    this.mode = 'reading'
    this.tell()
  }

  private applyTasks(changed: TaskRunView[]): void {
    const tasks = [...this.tasks]
    for (const task of changed) {
      const key = `${task.attempt}/${task.key}`
      const index = this.taskIndex.get(key)
      if (index === undefined) {
        this.taskIndex.set(key, tasks.length)
        tasks.push(task)
      } else tasks[index] = task
    }
    this.tasks = tasks
  }

  private tell(): void {
    if (this.scheduled) return
    this.scheduled = true
    const flush = () => {
      this.scheduled = false
      this.version++
      for (const listener of this.listeners) listener()
    }
    if (typeof requestAnimationFrame === 'function' && !document.hidden) requestAnimationFrame(flush)
    else setTimeout(flush, 100)
  }
}
