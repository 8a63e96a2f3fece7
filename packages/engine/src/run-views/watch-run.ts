import { isFinal } from '@towline/contract/states'
import type { LogCursor, RunChange, RunDetail, TaskRunView } from '@towline/contract/views'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { readRunDetail } from './get-run.ts'
import { readEvents } from './list-events.ts'
import { listLogs, readLogs } from './list-logs.ts'
import { readTaskRuns } from './list-task-runs.ts'
import { createWake, pause } from './wake.ts'

type Input = { workspaceId: string; runId: string; afterEvent: number; logCursor: LogCursor; signal: AbortSignal }

/** Two steps are at least this far apart: a chatty run is read ten times a second, not a thousand times. */
const STEP_MS = 100
/** Task runs carry no sequence, so they are all read when one changed: runs with many are read less often. */
const MANY_TASKS = 500
const MANY_TASKS_STEP_MS = 500
/** How soon a lost notice is made good. */
const POLL_MS = 5000
/** After the process's exit was reported: its last lines may still be on their way through another connection. */
const SETTLE_MS = 300
/** A run that ended without word of its process (its agent died) is given this long for late lines. */
const GRACE_MS = 5000
/** Small at first, so that something is there at once; the rest of many lines comes in fewer, larger pieces. */
const PAGE = 1000
const LATER_LOG_PAGE = 4000
/** A run may write as fast as it is read: its state is looked at again after so long. */
const CATCH_UP_MS = 2000
/** A reader is not given more than it can draw between two frames. */
const TASKS_AT_ONCE = 1000

/** Where one reader stands. */
type Position = { event: number; logCursor: LogCursor; run: string; tasks: Map<string, string>; tasksAt: number | null }
type Reader = { workspaceId: string; runId: string; position: Position }
type Step = { changes: RunChange[]; run: RunDetail; moreLogs: boolean; moreEvents: boolean }

/**
 * What happens to a run, from where the reader stands until its end. It listens before it reads for the first time, and reads after
 * every notice, so nothing falls between; a slow poll makes a lost notice good. It ends when the run has ended and everything was delivered.
 */
export async function* watchRun(
  ctx: EngineContext,
  { workspaceId, runId, afterEvent, logCursor, signal }: Input,
): AsyncGenerator<RunChange, void> {
  const wake = createWake(signal)
  const unsubscribe = ctx.bus.subscribe('run', (ids) => ids.includes(runId) && wake.ring(), wake.ring)
  const position: Position = { event: afterEvent, logCursor, run: '', tasks: new Map(), tasksAt: null }
  let newsAt = performance.now()
  try {
    while (!signal.aborted) {
      const startedAt = performance.now()
      const step = await readStep(ctx, { workspaceId, runId, position })
      yield* step.changes
      // Many lines are caught up with alone: to read 10,000 task runs again beside each page took most of the time.
      for (let more = step.moreLogs; more && !signal.aborted && performance.now() - startedAt < CATCH_UP_MS; ) {
        const page = await readMoreLogs(ctx, { workspaceId, runId, position })
        yield page.change
        more = page.more
      }
      if (step.changes.length > 0) newsAt = performance.now()
      if (step.moreEvents || step.moreLogs) continue
      const quietMs = quietBeforeEnd(step.run)
      const left = quietMs === null ? POLL_MS : newsAt + quietMs - performance.now()
      if (left <= 0) return
      await wake.sleep(Math.min(left, POLL_MS))
      const stepMs = position.tasks.size > MANY_TASKS ? MANY_TASKS_STEP_MS : STEP_MS
      await pause(startedAt + stepMs - performance.now(), signal)
    }
  } finally {
    unsubscribe()
    wake.close()
  }
}

/** How long nothing must have come before the stream ends; null: the run goes on. */
const quietBeforeEnd = (run: RunDetail): number | null => {
  if (!isFinal(run.state.type)) return null
  const last = run.attempts.at(-1)
  const silent = last === undefined || last.startedAt === null || last.exitCode !== null || last.signal !== null || last.failure !== null
  return silent ? SETTLE_MS : GRACE_MS
}

/** One look at everything. The run comes first: what is read after it is at least as new, so no event of the state that is shown is missing. */
const readStep = (ctx: EngineContext, { workspaceId, runId, position }: Reader): Promise<Step> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const now = ctx.clock.now()
    const run = await readRunDetail(tx, { workspaceId, runId, now })
    const events = await readEvents(tx, { workspaceId, runId, after: position.event, limit: PAGE, withTasks: false })
    const moreEvents = events.length === PAGE
    const tasks = await readChangedTasks(tx, { workspaceId, runId, position }, { eventSeq: run.eventSeq, now })
    const logs = await readLogs(tx, { workspaceId, runId, cursor: position.logCursor, limit: PAGE })
    // All events up to the run's number are seen by now; those of tasks, which are not read, need not be passed over again.
    position.event = Math.max(position.event, events.at(-1)?.seq ?? 0, moreEvents ? 0 : run.eventSeq)
    position.logCursor = logs.cursor
    const text = JSON.stringify({ ...run, durationMs: null })
    const runChanged = text !== position.run
    position.run = text
    const news = runChanged || events.length > 0 || tasks.length > 0 || logs.lines.length > 0
    const first = { run: runChanged ? run : undefined, events, tasks: tasks.slice(0, TASKS_AT_ONCE), logs: logs.lines }
    const changes: RunChange[] = news ? [{ kind: 'change', ...first, logCursor: logs.cursor }, ...laterTasks(tasks, logs.cursor)] : []
    return { changes, run, moreLogs: logs.more, moreEvents }
  })

/** Whatever a task run does is an event of its run too, but for the reason why it waits. */
const readChangedTasks = async (
  tx: Tx,
  { workspaceId, runId, position }: Reader,
  { eventSeq, now }: { eventSeq: number; now: Date },
): Promise<TaskRunView[]> => {
  if (position.tasksAt === eventSeq) return []
  const tasks = await readTaskRuns(tx, { workspaceId, runId, attempt: null, now })
  position.tasksAt = tasks.some((task) => task.state === 'PENDING') ? null : eventSeq
  return changedTasks(tasks, position.tasks)
}

const laterTasks = (tasks: TaskRunView[], logCursor: LogCursor): RunChange[] => {
  const changes: RunChange[] = []
  for (let from = TASKS_AT_ONCE; from < tasks.length; from += TASKS_AT_ONCE)
    changes.push({ kind: 'change', events: [], tasks: tasks.slice(from, from + TASKS_AT_ONCE), logs: [], logCursor })
  return changes
}

const readMoreLogs = async (
  ctx: EngineContext,
  { workspaceId, runId, position }: Reader,
): Promise<{ change: RunChange; more: boolean }> => {
  const logs = await listLogs(ctx, { workspaceId, runId, cursor: position.logCursor, limit: LATER_LOG_PAGE })
  position.logCursor = logs.cursor
  return { change: { kind: 'change', events: [], tasks: [], logs: logs.lines, logCursor: logs.cursor }, more: logs.more }
}

const changedTasks = (tasks: TaskRunView[], known: Map<string, string>): TaskRunView[] =>
  tasks.filter((task) => {
    const id = `${task.attempt}/${task.key}`
    const text = JSON.stringify([
      task.state,
      task.try,
      task.message,
      task.startedAt,
      task.endedAt,
      task.dependsOn.length,
      task.waiting?.text,
    ])
    if (known.get(id) === text) return false
    known.set(id, text)
    return true
  })
