import type { RetryPolicy } from '@towline/contract/manifest'
import type { Account, AttemptOutcome } from '@towline/contract/problems'
import type { StateName, StateType } from '@towline/contract/states'

/** What a decision about a run needs to know: the row as it stands under its lock, and the current attempt. */
export type RunFacts = {
  state: StateName
  message: string | null
  stateAt: Date
  /** In the ready set: SCHEDULED, due, nothing in the way. */
  ready: boolean
  dueAt: Date
  /** Number of the current or last attempt, 0 before the first. It is the fence. */
  attempt: number
  /** The current attempt may execute. False before a claim and from its end on. */
  leased: boolean
  confirmedAt: Date | null
  /** When the current attempt began to run; null while it is only claimed or launching. */
  attemptStartedAt: Date | null
  /** Retries spent on failures of the user's code and on deaths of the infrastructure: two budgets. */
  failures: number
  crashes: number
  /** Attempts in a row, before the current one, that ended without a start and at no cost. */
  returns: number
  retries: RetryPolicy
  /** Seconds that one attempt may run; null: no bound. */
  timeoutSeconds: number | null
  /** Until when the current attempt must have started, and once it has, must have ended. Its agent sees to it; the control plane only if that fails. */
  deadlineAt: Date | null
  cancelRequestedAt: Date | null
  startedAt: Date | null
  endedAt: Date | null
  /** Transition ids that already took effect (those that the proposals at hand carry are enough). */
  applied: ReadonlySet<string>
}

export type Cause =
  /** An agent with credit takes the run. `held`: its deployment is paused. `startSeconds`: how long its launch may take. */
  | { kind: 'claim'; agentName: string; held: boolean; startSeconds: number }
  /** The agent has the assignment and asks whether it may launch. */
  | { kind: 'confirm' }
  | { kind: 'launching'; note?: string | undefined }
  | { kind: 'started' }
  | { kind: 'completed'; message?: string | undefined }
  | { kind: 'failed'; message: string; timedOut: boolean }
  /** The infrastructure ended it. `hopeless`: another attempt would end the same way. */
  | { kind: 'crashed'; reason: 'out-of-memory' | 'killed' | 'vanished' | 'launch'; message: string; hopeless: boolean }
  /** Ended by a signal of its agent; the message says how it took it. */
  | { kind: 'stopped'; message: string }
  /** Beyond its deadline, and its agent did not see to it. */
  | { kind: 'overdue'; message: string }
  /** Handed back by the agent before the start. */
  | { kind: 'returned'; message: string }
  /** The lease ended, or the agent says that the attempt is gone without a trace. */
  | { kind: 'lost'; message: string }
  | { kind: 'cancel'; actor: string }
  /** A cancel that nobody carried out in time. */
  | { kind: 'force-cancel'; message: string }
  /** `reuse`: finished task runs are not executed again. */
  | { kind: 'retry'; actor: string; reuse?: boolean }
  | { kind: 'late'; message: string }
  /** A limit does not let it in: it leaves the ready set. */
  | { kind: 'block'; message: string }
  /** Its deployment wants no second run beside the one that holds the slot. */
  | { kind: 'refuse'; message: string }

/** What each cause asks for. What comes of it is the rules' business. */
export const TARGETS = {
  claim: 'PENDING',
  confirm: 'PENDING',
  launching: 'PENDING',
  started: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  crashed: 'CRASHED',
  stopped: 'CANCELLED',
  overdue: 'FAILED',
  returned: 'SCHEDULED',
  lost: 'SCHEDULED',
  cancel: 'CANCELLING',
  'force-cancel': 'CANCELLED',
  retry: 'SCHEDULED',
  late: 'SCHEDULED',
  block: 'SCHEDULED',
  refuse: 'CANCELLED',
} as const satisfies Record<Cause['kind'], StateType>

export type Proposal = {
  cause: Cause
  /** The attempt that speaks; null: a person or the control plane. */
  attempt: number | null
  /** The same id is the same transition: it takes effect once. */
  transitionId: string | null
}

/** Everything that one accepted proposal changes. `advance` applies it to the facts, the engine writes the result down. */
export type Change = {
  state: StateName
  message: string | null
  /** Does the ready set hold the run afterwards? */
  ready: boolean
  dueAt: Date | null
  /** Begins an attempt, which has so many seconds to start. */
  beginAttempt: { startSeconds: number } | null
  confirm: boolean
  start: boolean
  /** Ends the attempt, and with it the lease and whatever else the attempt holds. */
  endAttempt: AttemptOutcome | null
  count: 'failure' | 'crash' | 'reset' | null
  askCancel: boolean
  /** The kind of history entry: the state changed, or only a fact of the attempt did. */
  event: 'state' | 'attempt'
  /** Of a bad end: kept with its event, for those who ask what happened and what was done about it. */
  account: Account | null
}

export type Decision =
  | { kind: 'accepted'; rule: string; change: Change | null }
  | { kind: 'rejected'; rule: string; state: StateName; reason: string }
  | { kind: 'wait'; rule: string; ms: number }
  | { kind: 'stale'; rule: string }
