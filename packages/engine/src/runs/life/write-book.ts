import { typeOf } from '@towline/contract/states'
import { statement } from '@towline/db/statement'
import { idDay } from '@towline/service/id-time'
import type { LockedRun } from './locked-run.ts'
import type { Query } from './query.ts'
import type { RunBook } from './run-book.ts'
import closeTaskRunsText from './sql/close-task-runs.sql'
import insertAttemptsText from './sql/insert-attempts.sql'
import insertEventsText from './sql/insert-events.sql'
import patchAttemptsText from './sql/patch-attempts.sql'
import updateRunsText from './sql/update-runs.sql'
import { storableJson, storableText } from './storable.ts'

const updateRuns = statement('update-runs', updateRunsText)
const insertAttempts = statement('insert-attempts', insertAttemptsText)
const patchAttempts = statement('patch-attempts', patchAttemptsText)
const closeTaskRuns = statement('close-task-runs', closeTaskRunsText)
const insertEvents = statement('insert-events', insertEventsText)

const text = (value: string | null | undefined): string | null => (value === null || value === undefined ? null : storableText(value))
const json = (value: unknown): string | null => (value === null || value === undefined ? null : storableJson(value))
const time = (value: Date | null | undefined): string | null => value?.toISOString() ?? null

/** The statements that write a book down, in the order in which they must run. At most one of each kind. */
export const writesOf = (book: RunBook): Query[] => {
  const writes: Query[] = []
  if (book.changed.size > 0) writes.push({ ...updateRuns, values: runValues(book) })
  if (book.attempts.length > 0) writes.push({ ...insertAttempts, values: attemptValues(book) })
  if (book.patches.size > 0) writes.push({ ...patchAttempts, values: patchValues(book) })
  if (book.closed.length > 0) {
    const { closed, now } = book
    writes.push({ ...closeTaskRuns, values: [closed.map((one) => one.runId), closed.map((one) => one.number), time(now)] })
  }
  if (book.events.length > 0) writes.push({ ...insertEvents, values: eventValues(book) })
  return writes
}

const runValues = (book: RunBook): unknown[] => {
  const runs = [...book.changed].map((id) => book.runs.get(id)).filter((run): run is LockedRun => run !== undefined)
  return [
    runs.map((run) => run.id),
    runs.map((run) => typeOf(run.state)),
    runs.map((run) => run.state),
    runs.map((run) => text(run.message)),
    runs.map((run) => time(run.stateAt)),
    runs.map((run) => run.ready),
    runs.map((run) => time(run.dueAt)),
    runs.map((run) => run.attempt),
    runs.map((run) => run.failures),
    runs.map((run) => run.crashes),
    runs.map((run) => run.eventSeq),
    runs.map((run) => run.agentId),
    runs.map((run) => time(run.leaseExpiresAt)),
    runs.map((run) => time(run.cancelRequestedAt)),
    runs.map((run) => time(run.startedAt)),
    runs.map((run) => time(run.endedAt)),
    runs.map((run) => book.results.has(run.id)),
    runs.map((run) => json(book.results.get(run.id))),
    runs.map((run) => book.before.get(run.id)?.eventSeq),
    runs.map((run) => time(run.deadlineAt)),
  ]
}

const attemptValues = ({ attempts, now }: RunBook): unknown[] => [
  attempts.map((one) => one.run.id),
  attempts.map((one) => one.number),
  attempts.map((one) => one.run.workspaceId),
  attempts.map((one) => one.agentId),
  attempts.map((one) => text(one.agentName)),
  attempts.map(() => time(now)),
]

const patchValues = (book: RunBook): unknown[] => {
  const patches = [...book.patches.values()]
  return [
    patches.map((one) => one.runId),
    patches.map((one) => one.number),
    patches.map(({ patch }) => time(patch.confirmedAt)),
    patches.map(({ patch }) => time(patch.launchedAt)),
    patches.map(({ patch }) => time(patch.startedAt)),
    patches.map(({ patch }) => time(patch.endedAt)),
    patches.map(({ patch }) => patch.outcome ?? null),
    patches.map(({ patch }) => patch.exitCode ?? null),
    patches.map(({ patch }) => text(patch.signal)),
    patches.map(({ patch }) => json(patch.infrastructure)),
    patches.map(({ patch }) => json(patch.failure)),
    patches.map(({ patch }) => patch.itemSeq ?? 0),
    patches.map(({ patch }) => patch.agentId ?? null),
  ]
}

const eventValues = ({ events, now }: RunBook): unknown[] => [
  events.map((event) => idDay(event.run.id)),
  events.map((event) => event.run.id),
  events.map((event) => event.seq),
  events.map((event) => event.run.workspaceId),
  events.map((event) => event.kind),
  events.map((event) => event.attempt),
  events.map((event) => event.state && typeOf(event.state)),
  events.map((event) => event.state),
  events.map((event) => text(event.message)),
  events.map((event) => json(event.detail)),
  events.map((event) => text(event.transitionId)),
  time(now),
]
