import type { Account, AttemptOutcome, ProblemReason } from '@towline/contract/problems'
import { type StateName, typeOf } from '@towline/contract/states'
import type { Change, RunFacts } from './facts.ts'
import { retryDelayMs, returnDelayMs, UNSTOPPED_PAUSE_MS } from './retry-delay.ts'
import { againText, type Budget, backInQueueText, HOPELESS_TEXT, inSentences, noMoreText, sentence } from './words.ts'

/** Claims that ended before the start cost nothing this many times in a row; then something is wrong with the infrastructure. */
export const MAX_FREE_RETURNS = 5

const NONE: Omit<Change, 'state' | 'message'> = {
  ready: false,
  dueAt: null,
  beginAttempt: null,
  confirm: false,
  start: false,
  endAttempt: null,
  count: null,
  askCancel: false,
  event: 'state',
  account: null,
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

export const endedAs = (state: StateName, message: string | null, outcome: AttemptOutcome | null, more: Partial<Change> = {}): Change =>
  change(state, message, { endAttempt: outcome, ...more })

/** An end that its reader wants explained: what happened, and what was done about it. */
export const endedWith = (
  state: StateName,
  { reason, what, done }: Account,
  outcome: AttemptOutcome | null,
  more: Partial<Change> = {},
): Change => {
  const account = { reason, what: sentence(what), done: done && sentence(done) }
  return endedAs(state, inSentences(account.what, account.done), outcome, { account, ...more })
}

type Moment = { now: Date; random: () => number }

const dueIn = (ms: number, now: Date): Pick<Change, 'dueAt' | 'ready'> => ({ dueAt: new Date(now.getTime() + ms), ready: ms === 0 })

/** `unstopped`: its process may still run until its agent is told at the next heartbeat, so the next attempt leaves it the time to end. */
type End = { reason: ProblemReason; what: string; outcome: AttemptOutcome; hopeless?: boolean; unstopped?: boolean }

/** The end of an attempt that its budget may take back: the next attempt and its moment, or the final state and why. */
const within = (
  budget: Budget,
  last: StateName,
  { reason, what, outcome, hopeless, unstopped }: End,
  facts: RunFacts,
  moment: Moment,
): Change => {
  const of = budget === 'failure' ? facts.retries.failures : facts.retries.crashes
  const spent = budget === 'failure' ? facts.failures : facts.crashes
  if (hopeless) return endedWith(last, { reason, what, done: HOPELESS_TEXT }, outcome)
  if (spent >= of) return endedWith(last, { reason, what, done: noMoreText(budget, of) }, outcome)
  const ms = Math.max(retryDelayMs(facts.retries, spent + 1, moment.random), unstopped ? UNSTOPPED_PAUSE_MS : 0)
  const done = againText(budget, { attempt: facts.attempt + 1, ms, left: of - spent - 1, of })
  return endedWith('AwaitingRetry', { reason, what, done }, outcome, { ...dueIn(ms, moment.now), count: budget })
}

export const afterFailure = (
  facts: RunFacts,
  { what, timedOut, unstopped = false }: { what: string; timedOut: boolean; unstopped?: boolean },
  moment: Moment,
): Change => {
  const end: End = unstopped
    ? { reason: 'timed-out', what, outcome: 'overdue', unstopped }
    : timedOut
      ? { reason: 'timed-out', what, outcome: 'timed-out' }
      : { reason: 'failed', what, outcome: 'failed' }
  return within('failure', timedOut ? 'TimedOut' : 'Failed', end, facts, moment)
}

export const afterCrash = (facts: RunFacts, end: End, moment: Moment): Change => within('crash', 'Crashed', end, facts, moment)

/** Back to the queue at no cost: nothing of the user's ran. */
export const afterReturn = (facts: RunFacts, what: string, outcome: AttemptOutcome, now: Date): Change => {
  const ms = returnDelayMs(facts.returns)
  return endedAs('Scheduled', inSentences(what, backInQueueText(ms)), outcome, dueIn(ms, now))
}

export const isRunning = (facts: RunFacts): boolean => typeOf(facts.state) === 'RUNNING' || facts.attemptStartedAt !== null
