import { isFinal } from '@towline/contract/states'
import type { LogCursor, RunChange, RunDetail, TaskRunView } from '@towline/contract/views'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { readRunDetail } from './get-run.ts'
import { readEvents } from './list-events.ts'
import { readLogs } from './list-logs.ts'
import { readTaskRuns } from './list-task-runs.ts'
import { createWake, pause } from './wake.ts'

type Input = { workspaceId: string; runId: string; afterEvent: number; logCursor: LogCursor; signal: AbortSignal }

/** Two steps are at least this far apart: a chatty run is read ten times a second, not a thousand times. */
const STEP_MS = 100
/** Task runs carry no sequence, so each step reads them all: runs with many are read less often. */
const MANY_TASKS = 500
const MANY_TASKS_STEP_MS = 500
/** How soon a lost notice is made good. */
const POLL_MS = 5000
/** After the process's exit was reported: its last lines may still be on their way through another connection. */
const SETTLE_MS = 300
/** A run that ended without word of its process (its agent died) is given this long for late lines. */
const GRACE_MS = 5000
const PAGE = 1000

/** Where one reader stands. */
type Position = { event: number; logCursor: LogCursor; run: string; tasks: Map<string, string> }
type Step = { change: RunChange; run: RunDetail; news: boolean; more: boolean }

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
  const position: Position = { event: afterEvent, logCursor, run: '', tasks: new Map() }
  let newsAt = performance.now()
  try {
    while (!signal.aborted) {
      const startedAt = performance.now()
      const step = await readStep(ctx, { workspaceId, runId, position })
      if (step.news) {
        newsAt = performance.now()
        yield step.change
      }
      if (step.more) continue
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
const readStep = (
  ctx: EngineContext,
  { workspaceId, runId, position }: { workspaceId: string; runId: string; position: Position },
): Promise<Step> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const run = await readRunDetail(tx, { workspaceId, runId, now: ctx.clock.now() })
    const events = await readEvents(tx, { workspaceId, runId, after: position.event, limit: PAGE })
    const tasks = changedTasks(await readTaskRuns(tx, { workspaceId, runId, attempt: null }), position.tasks)
    const logs = await readLogs(tx, { workspaceId, runId, cursor: position.logCursor, limit: PAGE })
    position.event = events.at(-1)?.seq ?? position.event
    position.logCursor = logs.cursor
    const text = JSON.stringify({ ...run, durationMs: null })
    const runChanged = text !== position.run
    position.run = text
    return {
      change: { kind: 'change', run: runChanged ? run : undefined, events, tasks, logs: logs.lines, logCursor: logs.cursor },
      run,
      news: runChanged || events.length > 0 || tasks.length > 0 || logs.lines.length > 0,
      more: logs.more || events.length === PAGE,
    }
  })

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
