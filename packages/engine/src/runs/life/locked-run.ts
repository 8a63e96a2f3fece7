import type { RetryPolicy } from '@towline/contract/manifest'
import type { StateName } from '@towline/contract/states'
import type { RunFacts } from '@towline/core/run/facts'

/** A run whose row this transaction has locked: the facts that decisions need, and what is written back with them. */
export type LockedRun = RunFacts & {
  id: string
  workspaceId: string
  deploymentId: string
  versionId: string
  poolId: string
  runName: string
  eventSeq: number
  agentId: string | null
  leaseExpiresAt: Date | null
  /** Whose the current or last attempt is, or was. */
  attemptAgentId: string | null
  agentName: string | null
  /** Highest item of the run API that is stored for the current attempt. */
  itemSeq: number
  /** It or one of its task runs holds slots or stands in a line. Nobody can change that while the run is locked here. */
  holds: boolean
}

export type RunRow = {
  id: string
  workspace_id: string
  deployment_id: string
  version_id: string
  pool_id: string
  name: string
  state_name: StateName
  state_message: string | null
  state_at: Date
  ready: boolean
  due_at: Date
  attempt: number
  failures: number
  crashes: number
  retries: RetryPolicy
  timeout_seconds: number | null
  event_seq: number
  agent_id: string | null
  lease_expires_at: Date | null
  deadline_at: Date | null
  cancel_requested_at: Date | null
  started_at: Date | null
  ended_at: Date | null
  confirmed_at: Date | null
  attempt_started_at: Date | null
  attempt_agent_id: string | null
  agent_name: string | null
  item_seq: number | null
  returns: number
  applied: string[] | null
  holds: boolean
}

export const lockedRunOf = (row: RunRow): LockedRun => ({
  id: row.id,
  workspaceId: row.workspace_id,
  deploymentId: row.deployment_id,
  versionId: row.version_id,
  poolId: row.pool_id,
  runName: row.name,
  state: row.state_name,
  message: row.state_message,
  stateAt: row.state_at,
  ready: row.ready,
  dueAt: row.due_at,
  attempt: row.attempt,
  leased: row.lease_expires_at !== null,
  confirmedAt: row.confirmed_at,
  attemptStartedAt: row.attempt_started_at,
  failures: row.failures,
  crashes: row.crashes,
  returns: row.returns,
  retries: row.retries,
  timeoutSeconds: row.timeout_seconds,
  deadlineAt: row.deadline_at,
  cancelRequestedAt: row.cancel_requested_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  applied: new Set(row.applied),
  eventSeq: row.event_seq,
  agentId: row.agent_id,
  leaseExpiresAt: row.lease_expires_at,
  attemptAgentId: row.attempt_agent_id,
  agentName: row.agent_name,
  itemSeq: row.item_seq ?? 0,
  holds: row.holds,
})
