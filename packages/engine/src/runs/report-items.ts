import { AppError } from '@towline/contract/app-error'
import { MAX_VALUE_BYTES } from '@towline/contract/json'
import type { ReportItem, ReportRequest, ReportResponse } from '@towline/contract/run-api'
import { isFinal, typeOf } from '@towline/contract/states'
import type { Cause } from '@towline/core/run/facts'
import { causeOfItem } from '@towline/core/run/report-proposals'
import { serverTimes } from '@towline/core/run/server-times'
import { takeItems } from '@towline/core/run/take-items'
import { type Batcher, createBatcher } from '@towline/service/batcher'
import type { EngineContext } from '../context.ts'
import { appendLogs } from './append-logs.ts'
import type { LockedRun } from './life/locked-run.ts'
import type { RunBook } from './life/run-book.ts'
import { runTransaction } from './life/run-transaction.ts'
import { storableJson } from './life/storable.ts'
import { isTaskOver, TaskRuns } from './task-runs.ts'

export type ItemsReport = { workspaceId: string; runId: string; attempt: number; request: ReportRequest }
type Answer = Pick<ReportResponse, 'itemSeq' | 'stop'> | { error: unknown }

const MAX_REPORTS = 200
const batchers = new WeakMap<EngineContext, Batcher<ItemsReport, Answer>>()

/**
 * What a run says of itself over the run API. Reports of all runs that arrive while a transaction is under way share the next one. Items
 * are taken once and in order; logs are stored first, so that whoever sees the end can see all lines.
 */
export const reportItems = async (ctx: EngineContext, report: ItemsReport): Promise<ReportResponse> => {
  const { workspaceId, runId, attempt, request } = report
  const logs = request.logs.length > 0 ? await appendLogs(ctx, [{ workspaceId, runId, attempt, stream: 'log', lines: request.logs }]) : []
  const answer = await batcherOf(ctx).add(report)
  if ('error' in answer) throw answer.error
  return { ...answer, logSeq: logs[0] ?? 0 }
}

const batcherOf = (ctx: EngineContext): Batcher<ItemsReport, Answer> => {
  const known = batchers.get(ctx)
  if (known) return known
  const batcher = createBatcher<ItemsReport, Answer>({ maxItems: MAX_REPORTS, flush: (reports) => takeReports(ctx, reports) })
  batchers.set(ctx, batcher)
  return batcher
}

/** One report that the database refuses must not fail those of others: then each goes alone. */
const takeReports = async (ctx: EngineContext, reports: readonly ItemsReport[]): Promise<Answer[]> => {
  try {
    return await takeTogether(ctx, reports)
  } catch (error) {
    if (reports.length === 1) return [{ error }]
    const answers: Answer[] = []
    for (const report of reports) answers.push(...(await takeReports(ctx, [report])))
    return answers
  }
}

const takeTogether = async (ctx: EngineContext, reports: readonly ItemsReport[]): Promise<Answer[]> =>
  runTransaction(ctx, async (work) => {
    const book = await work.lock(reports.map((report) => report.runId))
    const tasks = new TaskRuns()
    const stored = new Map<string, number>()
    const answers = reports.map((report) => takeReport(book, tasks, stored, report))
    const write = tasks.write()
    if (write) await work.send([write])
    return answers
  })

const takeReport = (
  book: RunBook,
  tasks: TaskRuns,
  stored: Map<string, number>,
  { workspaceId, runId, attempt, request }: ItemsReport,
): Answer => {
  const run = book.get(runId, workspaceId)
  if (!run) return { error: new AppError('not_found', 'This run does not exist any more.') }
  const last = request.items.reduce((max, item) => Math.max(max, item.seq), 0)
  if (attempt !== run.attempt) return { itemSeq: last, stop: FENCED }
  const { fresh, seq } = takeItems(request.items, stored.get(runId) ?? run.itemSeq)
  const times = serverTimes(
    fresh.map((item) => item.at),
    book.now,
  )
  const heldBefore = run.leased
  fresh.forEach((item, index) => {
    const at = times[index] ?? book.now
    if (item.kind === 'task') {
      // The attempt has ended, and with it what it left open: nobody would close what begins now.
      if (!heldBefore && !isTaskOver(item.state)) return
      tasks.add({ runId, attempt, workspaceId }, item, at)
      if (isTaskOver(item.state)) book.endTask(runId, attempt, item.key)
      const detail = {
        key: item.key,
        name: item.name,
        state: item.state,
        try: item.try,
        at: at.toISOString(),
        ...(item.reusedFrom && { reusedFrom: item.reusedFrom }),
      }
      book.addEvent(runId, { kind: 'task', attempt, state: null, message: item.message ?? null, detail, transitionId: null })
    } else takeRunItem(book, runId, attempt, item)
  })
  if (fresh.length > 0) book.patchAttempt(runId, attempt, { itemSeq: seq })
  stored.set(runId, seq)
  return { itemSeq: seq, stop: stopOf(book.get(runId) ?? run, heldBefore) }
}

const takeRunItem = (book: RunBook, runId: string, attempt: number, item: Exclude<ReportItem, { kind: 'task' }>): void => {
  const proposal = { cause: boundedCause(item), attempt, transitionId: null }
  const detail = { at: item.at, ...(item.kind === 'run.failed' && item.error !== undefined && { error: item.error }) }
  book.propose(runId, proposal, { detail, ...(item.kind === 'run.completed' && item.result !== undefined && { result: item.result }) })
}

/** A result that is too large cannot be kept, and the run page is where its author looks: the run fails and says why. */
const boundedCause = (item: Exclude<ReportItem, { kind: 'task' }>): Cause => {
  const bytes = item.kind === 'run.completed' && item.result !== undefined ? Buffer.byteLength(storableJson(item.result)) : 0
  if (bytes > MAX_VALUE_BYTES) {
    const message = `The result has ${bytes} bytes; at most ${MAX_VALUE_BYTES} are kept. Store it elsewhere and return a reference.`
    return { kind: 'failed', message, timedOut: false }
  }
  const cause = causeOfItem(item)
  if (!cause) throw new Error(`${item.kind} says nothing of the run`)
  return cause
}

const FENCED = { reason: 'stale' as const, message: 'This attempt has been replaced or has lost its lease; it must stop.' }

/** Must the process stop? Not for an end that it reported itself. */
const stopOf = (run: LockedRun, heldBefore: boolean): ReportResponse['stop'] => {
  const type = typeOf(run.state)
  if (type === 'CANCELLING' || type === 'CANCELLED') return { reason: 'cancelled', message: run.message ?? 'Cancelled' }
  if (run.state === 'TimedOut') return { reason: 'timed-out', message: run.message ?? 'Ran longer than its timeout' }
  if (run.leased || heldBefore) return null
  return isFinal(type) && type !== 'CRASHED' ? null : FENCED
}
