import type { StateName, StateType } from '@towline/contract/states'
import type { RunSummary } from '@towline/contract/views'
import { explainWaiting } from './explain-waiting.ts'
import type { LimitWait } from './limit-gates.ts'

export type RunRow = {
  id: string
  name: string
  state_type: StateType
  state_name: StateName
  state_message: string | null
  state_at: Date
  tags: string[]
  attempt: number
  due_at: Date
  created_at: Date
  started_at: Date | null
  ended_at: Date | null
  ready: boolean
  deployment_id: string
  deployment_name: string
  deployment_paused: boolean
  flow: string
  pool_id: string
  pool_name: string
  pool_paused: boolean
  queue_name: string
  queue_paused: boolean
  agent_name: string | null
  /** Of the pool, for a run that waits: agents that are there and take runs, how many runs they may hold and hold. */
  agents_online: number | null
  capacity: number | null
  running: number | null
  /** Ready runs that are served first; null while it is not ready itself. */
  ahead: number | null
  /** The limit that it waits for; null when none holds it, or when its slot was offered. */
  limit: LimitWait | null
}

export const runSummary = (row: RunRow, now: Date): RunSummary => ({
  id: row.id,
  name: row.name,
  state: { name: row.state_name, type: row.state_type, message: row.state_message, at: row.state_at },
  deployment: { id: row.deployment_id, name: row.deployment_name },
  flow: row.flow,
  pool: { id: row.pool_id, name: row.pool_name },
  queueName: row.queue_name,
  tags: row.tags,
  attempt: row.attempt,
  dueAt: row.due_at,
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  durationMs: row.started_at === null ? null : Math.max(0, (row.ended_at ?? now).getTime() - row.started_at.getTime()),
  waiting: explainWaiting(row, now),
})
