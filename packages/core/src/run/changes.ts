import { type StateName, typeOf } from '@towline/contract/states'
import type { AttemptOutcome, Change, RunFacts } from './facts.ts'
import { retryDelayMs, returnDelayMs } from './retry-delay.ts'

/** Claims that ended before the start cost nothing this many times in a row; then something is wrong with the infrastructure. */
export const MAX_FREE_RETURNS = 5

const NONE: Omit<Change, 'state' | 'message'> = {
  ready: false,
  dueAt: null,
  beginAttempt: false,
  confirm: false,
  start: false,
  endAttempt: null,
  count: null,
  askCancel: false,
  event: 'state',
}

export const change = (state: StateName, message: string | null, more: Partial<Change> = {}): Change => ({
  ...NONE,
  state,
  message,
  ...more,
})

/** Only a fact of the attempt changes; the state stays what it is. */
export const attemptFact = (facts: RunFacts, more: Partial<Change>): Change =>
  change(facts.state, facts.message, { ready: facts.ready, event: 'attempt', ...more })

export const endedAs = (state: StateName, message: string | null, outcome: AttemptOutcome, more: Partial<Change> = {}): Change =>
  change(state, message, { endAttempt: outcome, ...more })

type Moment = { now: Date; random: () => number }

const dueIn = (ms: number, now: Date): Pick<Change, 'dueAt' | 'ready'> => ({ dueAt: new Date(now.getTime() + ms), ready: ms === 0 })

export const afterFailure = (facts: RunFacts, message: string, timedOut: boolean, { now, random }: Moment): Change => {
  const outcome = timedOut ? 'timed-out' : 'failed'
  const { failures } = facts.retries
  if (facts.failures >= failures) return endedAs(timedOut ? 'TimedOut' : 'Failed', message, outcome)
  const retry = facts.failures + 1
  const due = dueIn(retryDelayMs(facts.retries, retry, random), now)
  return endedAs('AwaitingRetry', `${message} (retry ${retry} of ${failures})`, outcome, { ...due, count: 'failure' })
}

export const afterCrash = (
  facts: RunFacts,
  crash: { message: string; hopeless: boolean; outcome: AttemptOutcome },
  { now, random }: Moment,
): Change => {
  const { crashes } = facts.retries
  if (crash.hopeless || facts.crashes >= crashes) return endedAs('Crashed', crash.message, crash.outcome)
  const retry = facts.crashes + 1
  const due = dueIn(retryDelayMs(facts.retries, retry, random), now)
  return endedAs('AwaitingRetry', `${crash.message} (restart ${retry} of ${crashes})`, crash.outcome, { ...due, count: 'crash' })
}

/** Back to the queue at no cost: nothing of the user's ran. */
export const afterReturn = (facts: RunFacts, message: string, outcome: AttemptOutcome, now: Date): Change =>
  endedAs('Scheduled', message, outcome, dueIn(returnDelayMs(facts.returns), now))

export const isRunning = (facts: RunFacts): boolean => typeOf(facts.state) === 'RUNNING' || facts.attemptStartedAt !== null
