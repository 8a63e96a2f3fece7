import { MAX_VALUE_BYTES } from '@towline/contract/json'
import type { ReportItem } from '@towline/contract/run-api'
import { statement } from '@towline/db/statement'
import type { Query } from './life/query.ts'
import { storableJson, storableText } from './life/storable.ts'
import upsertTaskRunsText from './sql/upsert-task-runs.sql'

const upsertTaskRuns = statement('upsert-task-runs', upsertTaskRunsText)

export type TaskItem = Extract<ReportItem, { kind: 'task' }>
type TaskRun = {
  runId: string
  attempt: number
  workspaceId: string
  item: TaskItem
  tags: Set<string>
  dependsOn: Set<string>
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
  inputHash: string | null
}

/** What a later attempt may take over. A client that sends too much loses the result, not its report. */
type Outcome = { result: string | null; notReusable: string | null; reusedFrom: number | null }
const NO_OUTCOME: Outcome = { result: null, notReusable: null, reusedFrom: null }

const outcomeOf = ({ item, attempt }: TaskRun): Outcome => {
  if (item.state !== 'COMPLETED') return NO_OUTCOME
  const { result = null, notReusable = null, reusedFrom = null } = item
  if (reusedFrom !== null && reusedFrom < attempt) return { ...NO_OUTCOME, reusedFrom }
  if (notReusable !== null) return { ...NO_OUTCOME, notReusable: storableText(notReusable) }
  if (result === null) return NO_OUTCOME
  const text = storableText(result)
  if (Buffer.byteLength(text) > MAX_VALUE_BYTES) return { ...NO_OUTCOME, notReusable: 'its result is larger than 64 KiB' }
  return { ...NO_OUTCOME, result: text }
}

const OVER: readonly TaskItem['state'][] = ['COMPLETED', 'FAILED', 'CANCELLED']
export const isTaskOver = (state: TaskItem['state']): boolean => OVER.includes(state)

/** Folds what a batch says of each task run into one row, as a statement cannot touch the same row twice. */
export class TaskRuns {
  private readonly rows = new Map<string, TaskRun>()

  add(owner: { runId: string; attempt: number; workspaceId: string }, item: TaskItem, at: Date): void {
    const id = `${owner.runId}/${owner.attempt}/${item.key}`
    const known = this.rows.get(id)
    this.rows.set(id, {
      ...owner,
      item,
      tags: new Set([...(known?.tags ?? []), ...(item.tags ?? [])]),
      dependsOn: new Set([...(known?.dependsOn ?? []), ...(item.dependsOn ?? [])]),
      createdAt: known?.createdAt ?? at,
      startedAt: known?.startedAt ?? (item.state === 'RUNNING' ? at : null),
      endedAt: isTaskOver(item.state) ? at : null,
      inputHash: item.inputHash ?? known?.inputHash ?? null,
    })
  }

  /** In key order, so that two batches lock the rows of a run in the same order. */
  write(): Query | null {
    if (this.rows.size === 0) return null
    const rows = [...this.rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
    const outcomes = rows.map(outcomeOf)
    return {
      ...upsertTaskRuns,
      values: [
        rows.map((row) => row.runId),
        rows.map((row) => row.attempt),
        rows.map((row) => storableText(row.item.key)),
        rows.map((row) => row.workspaceId),
        rows.map((row) => storableText(row.item.name)),
        rows.map((row) => row.item.state),
        rows.map((row) => (row.item.message === undefined ? null : storableText(row.item.message))),
        rows.map((row) => row.item.try),
        rows.map((row) => storableJson([...row.tags])),
        rows.map((row) => storableJson([...row.dependsOn])),
        rows.map((row) => row.createdAt.toISOString()),
        rows.map((row) => row.startedAt?.toISOString() ?? null),
        rows.map((row) => row.endedAt?.toISOString() ?? null),
        rows.map((row) => row.inputHash),
        outcomes.map((outcome) => outcome.result),
        outcomes.map((outcome) => outcome.notReusable),
        outcomes.map((outcome) => outcome.reusedFrom),
      ],
    }
  }
}
