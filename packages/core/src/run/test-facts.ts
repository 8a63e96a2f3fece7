import { type StateName, typeOf } from '@towline/contract/states'
import type { Cause, Proposal, RunFacts } from './facts.ts'

export const NOW = new Date('2026-03-01T12:00:00.000Z')

/** Facts of a run in a state, as they stand after the usual way into it. For tests. */
export const factsOf = (state: StateName, more: Partial<RunFacts> = {}): RunFacts => {
  const type = typeOf(state)
  const leased = type === 'PENDING' || type === 'RUNNING' || type === 'CANCELLING'
  const ran = type === 'RUNNING' || type === 'CANCELLING' || type === 'COMPLETED' || type === 'FAILED' || type === 'CRASHED'
  return {
    state,
    message: null,
    stateAt: NOW,
    ready: type === 'SCHEDULED',
    dueAt: NOW,
    attempt: type === 'SCHEDULED' ? 0 : 1,
    leased,
    confirmedAt: leased || ran ? NOW : null,
    attemptStartedAt: ran ? NOW : null,
    failures: 0,
    crashes: 0,
    returns: 0,
    retries: { failures: 1, crashes: 1, delaySeconds: 10, factor: 2, jitter: 0 },
    timeoutSeconds: 60,
    deadlineAt: type === 'PENDING' || type === 'RUNNING' ? NOW : null,
    cancelRequestedAt: type === 'CANCELLING' ? NOW : null,
    startedAt: ran ? NOW : null,
    endedAt: null,
    applied: new Set(),
    ...more,
  }
}

/** One proposal of each kind, by whoever makes it in real life: the attempt, a person or the control plane. */
export const CAUSES: Record<string, { cause: Cause; by: 'attempt' | 'plane' }> = {
  claim: { by: 'plane', cause: { kind: 'claim', agentName: 'a1', held: false, startSeconds: 600 } },
  'claim (deployment paused)': { by: 'plane', cause: { kind: 'claim', agentName: 'a1', held: true, startSeconds: 600 } },
  confirm: { by: 'attempt', cause: { kind: 'confirm' } },
  launching: { by: 'attempt', cause: { kind: 'launching', note: 'pulling' } },
  started: { by: 'attempt', cause: { kind: 'started' } },
  completed: { by: 'attempt', cause: { kind: 'completed' } },
  failed: { by: 'attempt', cause: { kind: 'failed', message: 'boom', timedOut: false } },
  'timed out': { by: 'attempt', cause: { kind: 'failed', message: 'too long', timedOut: true } },
  crashed: { by: 'attempt', cause: { kind: 'crashed', reason: 'killed', message: 'killed', hopeless: false } },
  'failed to launch': { by: 'attempt', cause: { kind: 'crashed', reason: 'launch', message: 'no image', hopeless: false } },
  'failed to launch (hopeless)': { by: 'attempt', cause: { kind: 'crashed', reason: 'launch', message: 'no command', hopeless: true } },
  overdue: { by: 'plane', cause: { kind: 'overdue', message: 'too late' } },
  'stopped by our signal': { by: 'attempt', cause: { kind: 'stopped', message: 'stopped' } },
  'handed back': { by: 'attempt', cause: { kind: 'returned', message: 'drain' } },
  'lost (agent says so)': { by: 'attempt', cause: { kind: 'lost', message: 'gone' } },
  'lost (lease ended)': { by: 'plane', cause: { kind: 'lost', message: 'lease ended' } },
  cancel: { by: 'plane', cause: { kind: 'cancel', actor: 'ann' } },
  'cancel by force': { by: 'plane', cause: { kind: 'force-cancel', message: 'nobody answered' } },
  'retry by hand': { by: 'plane', cause: { kind: 'retry', actor: 'ann' } },
  late: { by: 'plane', cause: { kind: 'late', message: 'nobody took it' } },
  'no slot is free': { by: 'plane', cause: { kind: 'block', message: 'full' } },
  'refused beside another': { by: 'plane', cause: { kind: 'refuse', message: 'another run holds the slot' } },
}

export const proposalOf = (facts: RunFacts, cause: Cause, by: 'attempt' | 'plane', transitionId: string | null = null): Proposal => ({
  cause,
  attempt: by === 'attempt' ? facts.attempt : null,
  transitionId,
})
