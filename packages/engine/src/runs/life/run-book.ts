import type { JsonObject, JsonValue } from '@towline/contract/json'
import type { AttemptOutcome } from '@towline/contract/problems'
import type { Infrastructure, LaunchFailure } from '@towline/contract/run-spec'
import { type StateName, typeOf } from '@towline/contract/states'
import { advance } from '@towline/core/run/advance'
import type { Change, Decision, Proposal } from '@towline/core/run/facts'
import { propose } from '@towline/core/run/propose'
import type { LockedRun } from './locked-run.ts'

/** Facts to note on an attempt. What it has already stays. */
export type AttemptPatch = {
  /** Only if the attempt is this agent's. For attempts other than the current one, whose agent the book does not know. */
  agentId?: string
  confirmedAt?: Date
  launchedAt?: Date
  startedAt?: Date
  endedAt?: Date
  outcome?: AttemptOutcome
  exitCode?: number | null
  signal?: string | null
  infrastructure?: Infrastructure
  failure?: LaunchFailure
  itemSeq?: number
}

export type NewAttempt = { run: LockedRun; number: number; agentId: string; agentName: string }

export type NewEvent = {
  run: LockedRun
  seq: number
  kind: 'state' | 'attempt' | 'task' | 'note'
  attempt: number
  state: StateName | null
  message: string | null
  detail: JsonObject | null
  transitionId: string | null
}

type Lease = { agentId: string; agentName: string; until: Date }
type Extra = { lease?: Lease; result?: JsonValue; detail?: JsonObject }

/**
 * What a transaction knows of the runs that it locked, and what it will write. Verbs propose; the book asks core, keeps the runs as they
 * become (so that a second proposal of the same batch meets the outcome of the first), and `write-book` writes all of it at once.
 */
export class RunBook {
  readonly now: Date
  readonly before: ReadonlyMap<string, LockedRun>
  readonly runs = new Map<string, LockedRun>()
  readonly changed = new Set<string>()
  readonly results = new Map<string, JsonValue | null>()
  readonly attempts: NewAttempt[] = []
  readonly patches = new Map<string, { runId: string; number: number; patch: AttemptPatch }>()
  readonly closed: { runId: string; number: number }[] = []
  readonly events: NewEvent[] = []
  /** Task runs that are over: what they hold of limits goes with them. */
  readonly endedTasks: { runId: string; attempt: number; key: string }[] = []

  constructor(locked: readonly LockedRun[], now: Date) {
    this.now = now
    this.before = new Map(locked.map((run) => [run.id, run]))
    for (const run of locked) this.runs.set(run.id, run)
  }

  /** The run as it stands now, if it is locked here and belongs to the workspace. */
  get(runId: string, workspaceId?: string): LockedRun | undefined {
    const run = this.runs.get(runId)
    return run && (workspaceId === undefined || run.workspaceId === workspaceId) ? run : undefined
  }

  /** The one door: asks core and, when it accepts with a change, notes everything that follows from it. */
  propose(runId: string, proposal: Proposal, extra: Extra = {}): Decision {
    const run = this.runs.get(runId)
    if (!run) throw new Error(`Run ${runId} is not locked by this transaction`)
    const decision = propose(run, proposal, this.now, Math.random)
    if (decision.kind === 'accepted' && decision.change !== null) this.apply(run, decision.change, proposal.transitionId, extra)
    return decision
  }

  patchAttempt(runId: string, number: number, patch: AttemptPatch): void {
    const key = `${runId}/${number}/${patch.agentId ?? ''}`
    const known = this.patches.get(key)
    const infrastructure =
      known?.patch.infrastructure || patch.infrastructure ? { ...known?.patch.infrastructure, ...patch.infrastructure } : undefined
    const merged = { ...patch, ...known?.patch }
    if (infrastructure) merged.infrastructure = infrastructure
    if (patch.itemSeq !== undefined) merged.itemSeq = Math.max(patch.itemSeq, known?.patch.itemSeq ?? 0)
    this.patches.set(key, { runId, number, patch: merged })
  }

  endTask(runId: string, attempt: number, key: string): void {
    if (this.runs.get(runId)?.holds) this.endedTasks.push({ runId, attempt, key })
  }

  /** Runs whose slots and places in line end with this transaction, because nobody executes them any more and they wait for no limit. */
  released(): string[] {
    return [...this.changed].filter((id) => {
      const run = this.runs.get(id)
      return run?.holds === true && !run.leased && run.state !== 'AwaitingSlot'
    })
  }

  addEvent(runId: string, event: Omit<NewEvent, 'run' | 'seq'>): void {
    const run = this.runs.get(runId)
    if (!run) throw new Error(`Run ${runId} is not locked by this transaction`)
    const seq = run.eventSeq + 1
    const next = { ...run, eventSeq: seq }
    this.runs.set(runId, next)
    this.changed.add(runId)
    this.events.push({ ...event, run: next, seq })
  }

  private apply(run: LockedRun, change: Change, transitionId: string | null, extra: Extra): void {
    const { now } = this
    const next = advance(run, change, transitionId, now)
    if (change.beginAttempt) this.begin(next, extra.lease)
    if (change.confirm) this.patchAttempt(run.id, run.attempt, { confirmedAt: now })
    if (change.start) this.patchAttempt(run.id, run.attempt, { startedAt: now })
    if (change.endAttempt !== null) this.free(next, change.endAttempt)
    if (change.count === 'reset') this.results.set(run.id, null)
    if (extra.result !== undefined && typeOf(next.state) === 'COMPLETED') this.results.set(run.id, extra.result)
    this.runs.set(run.id, next)
    this.addEvent(run.id, {
      kind: change.event,
      attempt: next.attempt,
      state: next.state,
      message: change.event === 'state' ? next.message : change.confirm ? 'Confirmed' : 'Started',
      detail: extra.detail || change.account ? { ...extra.detail, ...(change.account && { account: change.account }) } : null,
      transitionId,
    })
  }

  private begin(run: LockedRun, lease: Lease | undefined): void {
    if (!lease) throw new Error('An attempt begins with a lease')
    run.agentId = lease.agentId
    run.attemptAgentId = lease.agentId
    run.agentName = lease.agentName
    run.leaseExpiresAt = lease.until
    this.attempts.push({ run, number: run.attempt, agentId: lease.agentId, agentName: lease.agentName })
  }

  /** The one place where a holder lets go of its lease. Its slots go in the same transaction, after the book is written (`released`). */
  private free(run: LockedRun, outcome: AttemptOutcome): void {
    run.agentId = null
    run.leaseExpiresAt = null
    this.patchAttempt(run.id, run.attempt, { endedAt: this.now, outcome })
    this.closed.push({ runId: run.id, number: run.attempt })
  }
}
