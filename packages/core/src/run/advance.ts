import { isFinal, typeOf } from '@towline/contract/states'
import type { Change, RunFacts } from './facts.ts'

/** The facts after a change. Whatever else the run row holds passes through. */
export const advance = <F extends RunFacts>(facts: F, made: Change, transitionId: string | null, now: Date): F => {
  const type = typeOf(made.state)
  return {
    ...facts,
    state: made.state,
    message: made.message,
    stateAt: made.event === 'state' ? now : facts.stateAt,
    ready: type === 'SCHEDULED' && made.ready,
    dueAt: made.dueAt ?? facts.dueAt,
    ...attemptAfter(facts, made, now),
    deadlineAt: deadlineAfter(facts, made, now),
    ...countersAfter(facts, made),
    cancelRequestedAt: made.askCancel ? now : facts.cancelRequestedAt,
    startedAt: made.start ? (facts.startedAt ?? now) : facts.startedAt,
    endedAt: isFinal(type) ? (facts.endedAt ?? now) : null,
    ...(made.count === 'reset' && { cancelRequestedAt: null, startedAt: null }),
    applied: transitionId === null ? facts.applied : new Set(facts.applied).add(transitionId),
  }
}

const inSeconds = (seconds: number, now: Date): Date => new Date(now.getTime() + seconds * 1000)

/** Of a run that is being cancelled the grace decides, and of one that nobody executes nothing. */
const deadlineAfter = (facts: RunFacts, made: Change, now: Date): Date | null => {
  const type = typeOf(made.state)
  if (made.beginAttempt) return inSeconds(made.beginAttempt.startSeconds, now)
  if (type !== 'PENDING' && type !== 'RUNNING') return null
  if (!made.start) return facts.deadlineAt
  return facts.timeoutSeconds === null ? null : inSeconds(facts.timeoutSeconds, now)
}

const attemptAfter = (
  facts: RunFacts,
  made: Change,
  now: Date,
): Pick<RunFacts, 'attempt' | 'leased' | 'confirmedAt' | 'attemptStartedAt'> => {
  if (made.beginAttempt) return { attempt: facts.attempt + 1, leased: true, confirmedAt: null, attemptStartedAt: null }
  return {
    attempt: facts.attempt,
    leased: facts.leased && made.endAttempt === null,
    confirmedAt: made.confirm ? now : facts.confirmedAt,
    attemptStartedAt: made.start ? now : facts.attemptStartedAt,
  }
}

const countersAfter = (facts: RunFacts, made: Change): Pick<RunFacts, 'failures' | 'crashes' | 'returns'> => {
  if (made.count === 'reset') return { failures: 0, crashes: 0, returns: 0 }
  const free = made.endAttempt !== null && made.count === null && facts.attemptStartedAt === null
  return {
    failures: facts.failures + (made.count === 'failure' ? 1 : 0),
    crashes: facts.crashes + (made.count === 'crash' ? 1 : 0),
    returns: made.start || made.count !== null ? 0 : facts.returns + (free ? 1 : 0),
  }
}
