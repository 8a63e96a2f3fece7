import { FINAL_STATE_TYPES, STATE_TYPES, type StateType } from '@towline/contract/states'
import { afterCrash, afterFailure, afterReturn, attemptFact, change, endedAs, endedWith, isRunning, MAX_FREE_RETURNS } from './changes.ts'
import type { Cause, Change, Proposal, RunFacts } from './facts.ts'
import { inSentences, whereCancelled } from './words.ts'

/** What a rule says; null passes the proposal on to the next rule. The rule's name is added by `propose`. */
export type Verdict =
  | { kind: 'accepted'; change: Change | null }
  | { kind: 'rejected'; reason: string }
  | { kind: 'wait'; ms: number }
  | { kind: 'stale' }
  | null

export type Rule = {
  name: string
  from: readonly StateType[]
  to: readonly StateType[]
  decide(facts: RunFacts, proposal: Proposal, moment: { now: Date; random: () => number }): Verdict
}

const ANY = STATE_TYPES
const FINAL = FINAL_STATE_TYPES
const LIVE = ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'] as const satisfies readonly StateType[]
const LAUNCHED = ['PENDING', 'RUNNING'] as const satisfies readonly StateType[]

const accept = (made: Change | null): Verdict => ({ kind: 'accepted', change: made })
const reject = (reason: string): Verdict => ({ kind: 'rejected', reason })

const cancelled = (account: { what: string; done: string | null }, outcome: 'cancelled' | null, more: Partial<Change> = {}): Change =>
  endedWith('Cancelled', { reason: 'cancelled', ...account }, outcome, more)

/** Of a run that was asked to stop. */
const howItEnded = (cause: Cause): string => {
  if (cause.kind === 'returned') return 'It had not started'
  if (cause.kind === 'failed') return `It ended before the signal reached it: ${cause.message}`
  if (cause.kind === 'crashed' && cause.reason === 'launch') return `It did not start: ${cause.message}`
  return 'message' in cause ? (cause.message ?? 'It ended') : 'It ended'
}

/**
 * The life of a run. The first rule whose `from` and `to` fit and which does not pass decides. The order matters: first who may speak
 * at all (repeats, fences, ends), then what a person or the control plane wants, then what an attempt reports.
 */
export const RULES: readonly Rule[] = [
  {
    name: 'a repeat changes nothing',
    from: ANY,
    to: ANY,
    decide: (facts, { transitionId }) => (transitionId !== null && facts.applied.has(transitionId) ? accept(null) : null),
  },
  {
    name: 'a fenced attempt is not heard',
    from: ANY,
    to: ANY,
    decide: (facts, { attempt }) => (attempt !== null && attempt !== facts.attempt ? { kind: 'stale' } : null),
  },
  {
    name: 'an attempt without its lease is not heard',
    from: LIVE,
    to: ANY,
    decide: (facts, { attempt }) => (attempt !== null && !facts.leased ? { kind: 'stale' } : null),
  },
  {
    name: 'a final run is retried by hand',
    from: FINAL,
    to: ['SCHEDULED'],
    decide: (_facts, { cause }, { now }) =>
      cause.kind === 'retry'
        ? accept(
            change('Scheduled', `Retried${cause.reuse ? ' from failed' : ''} by ${cause.actor}`, {
              dueAt: now,
              ready: true,
              count: 'reset',
            }),
          )
        : null,
  },
  {
    name: 'a cancelled run stays cancelled',
    from: ['CANCELLED'],
    to: ['CANCELLING', 'CANCELLED'],
    decide: () => accept(null),
  },
  { name: 'final is final', from: FINAL, to: ANY, decide: () => reject('The run has ended.') },
  {
    name: 'only a final run is retried',
    from: LIVE,
    to: ['SCHEDULED'],
    decide: (_facts, { cause }) => (cause.kind === 'retry' ? reject('The run has not ended yet.') : null),
  },

  // ------------------------------------------------------------------ cancel
  {
    name: 'cancel what no agent may launch yet',
    from: ['SCHEDULED', 'PAUSED', 'PENDING'],
    to: ['CANCELLING'],
    decide: (facts, { cause }) => {
      if (cause.kind !== 'cancel' || (facts.leased && facts.confirmedAt !== null)) return null
      const what = `Cancelled by ${cause.actor} ${whereCancelled(facts.state)}`
      return accept(cancelled({ what, done: null }, facts.leased ? 'cancelled' : null, { askCancel: true }))
    },
  },
  {
    name: 'cancel what an agent holds',
    from: LAUNCHED,
    to: ['CANCELLING'],
    decide: (_facts, { cause }) =>
      cause.kind === 'cancel' ? accept(change('Cancelling', `Cancelled by ${cause.actor}`, { askCancel: true })) : null,
  },
  { name: 'cancelling already', from: ['CANCELLING'], to: ['CANCELLING'], decide: () => accept(null) },
  {
    name: 'it completed before the cancel reached it',
    from: ['CANCELLING'],
    to: ['COMPLETED'],
    decide: (_facts, { cause }) =>
      cause.kind === 'completed'
        ? accept(endedAs('Completed', cause.message ?? 'Completed before the cancel reached it', 'completed'))
        : null,
  },
  {
    name: 'a cancelling run that starts is still cancelling',
    from: ['CANCELLING'],
    to: ['RUNNING'],
    decide: (facts) => accept(facts.attemptStartedAt === null ? attemptFact(facts, { start: true }) : null),
  },
  {
    name: 'a cancelling run is not launched',
    from: ['CANCELLING'],
    to: ['PENDING'],
    decide: (facts, { cause }) => {
      if (cause.kind === 'launching') return accept(null)
      if (cause.kind !== 'confirm' || isRunning(facts)) return null
      return accept(cancelled({ what: facts.message ?? 'Cancelled', done: 'It was not started' }, 'cancelled'))
    },
  },
  {
    name: 'any other end of a cancelling run is the cancel',
    from: ['CANCELLING'],
    to: ['FAILED', 'CRASHED', 'CANCELLED', 'SCHEDULED'],
    decide: (facts, { cause }) => {
      if (cause.kind === 'late' || cause.kind === 'retry' || cause.kind === 'block' || cause.kind === 'refuse') return null
      return accept(cancelled({ what: facts.message ?? 'Cancelled', done: howItEnded(cause) }, 'cancelled'))
    },
  },

  // ------------------------------------------------------------------ waiting
  {
    name: 'claim',
    from: ['SCHEDULED'],
    to: ['PENDING'],
    decide: (facts, { cause }, { now }) => {
      if (cause.kind !== 'claim') return null
      // Whoever put it into the ready set found it due; a server whose clock is a little behind must not argue.
      const ms = facts.dueAt.getTime() - now.getTime()
      if (ms > 0 && !facts.ready) return { kind: 'wait', ms }
      if (cause.held) return reject('The deployment is paused.')
      return accept(change('Claimed', `Claimed by ${cause.agentName}`, { beginAttempt: { startSeconds: cause.startSeconds } }))
    },
  },
  {
    name: 'wait for a slot',
    from: ['SCHEDULED'],
    to: ['SCHEDULED'],
    decide: (_facts, { cause }) => (cause.kind === 'block' ? accept(change('AwaitingSlot', cause.message)) : null),
  },
  {
    name: 'refused beside another run',
    from: ['SCHEDULED'],
    to: ['CANCELLED'],
    decide: (_facts, { cause }) =>
      cause.kind === 'refuse' ? accept(endedWith('Cancelled', { reason: 'refused', what: cause.message, done: null }, null)) : null,
  },
  {
    name: 'late',
    from: ['SCHEDULED'],
    to: ['SCHEDULED'],
    decide: (facts, { cause }) => {
      if (cause.kind !== 'late') return null
      return accept(facts.state === 'Late' ? null : change('Late', cause.message, { ready: facts.ready }))
    },
  },

  // ------------------------------------------------------------------ what an attempt reports
  {
    name: 'confirm',
    from: LAUNCHED,
    to: ['PENDING'],
    decide: (facts, { cause }) => {
      if (cause.kind !== 'confirm') return null
      return accept(facts.confirmedAt === null && !isRunning(facts) ? attemptFact(facts, { confirm: true }) : null)
    },
  },
  {
    name: 'launching',
    from: ['PENDING'],
    to: ['PENDING'],
    decide: (facts, { cause }) => {
      if (cause.kind !== 'launching') return null
      const message = cause.note ?? null
      return accept(facts.state === 'Launching' && facts.message === message ? null : change('Launching', message))
    },
  },
  {
    name: 'start',
    from: LAUNCHED,
    to: ['RUNNING'],
    decide: (facts, { cause }) => {
      if (cause.kind !== 'started') return null
      if (isRunning(facts)) return accept(null)
      return accept(change(facts.failures + facts.crashes > 0 ? 'Retrying' : 'Running', null, { start: true }))
    },
  },
  {
    name: 'complete',
    from: LAUNCHED,
    to: ['COMPLETED'],
    decide: (_facts, { cause }) => (cause.kind === 'completed' ? accept(endedAs('Completed', cause.message ?? null, 'completed')) : null),
  },
  {
    name: "fail, within the user's budget",
    from: LAUNCHED,
    to: ['FAILED'],
    decide: (facts, { cause }, moment) =>
      cause.kind === 'failed' ? accept(afterFailure(facts, { what: cause.message, timedOut: cause.timedOut }, moment)) : null,
  },
  {
    name: "crash, within the infrastructure's budget",
    from: LAUNCHED,
    to: ['CRASHED'],
    decide: (facts, { cause }, moment) => {
      if (cause.kind !== 'crashed') return null
      const { reason, message: what, hopeless } = cause
      return accept(afterCrash(facts, { reason, what, hopeless, outcome: reason === 'launch' ? 'failed-to-launch' : 'crashed' }, moment))
    },
  },
  {
    name: 'not started in its time, and its agent says nothing',
    from: ['PENDING'],
    to: ['FAILED'],
    decide: (facts, { cause }, moment) => {
      if (cause.kind !== 'overdue') return null
      return accept(afterCrash(facts, { reason: 'launch', what: cause.message, outcome: 'failed-to-launch', unstopped: true }, moment))
    },
  },
  {
    name: 'beyond its timeout, and its agent did not end it',
    from: ['RUNNING'],
    to: ['FAILED'],
    decide: (facts, { cause }, moment) =>
      cause.kind === 'overdue' ? accept(afterFailure(facts, { what: cause.message, timedOut: true, unstopped: true }, moment)) : null,
  },
  {
    name: 'stopped by the agent without a cancel',
    from: LAUNCHED,
    to: ['CANCELLED'],
    decide: (facts, { cause }, moment) => {
      if (cause.kind !== 'stopped') return null
      const what = inSentences('Its agent was told to end at once and stopped it', cause.message)
      return accept(afterCrash(facts, { reason: 'stopped', what, outcome: 'crashed' }, moment))
    },
  },
  {
    name: 'handed back before the start',
    from: ['PENDING'],
    to: ['SCHEDULED'],
    decide: (facts, { cause }, { now }) => (cause.kind === 'returned' ? accept(afterReturn(facts, cause.message, 'released', now)) : null),
  },
  {
    name: 'gone before the start',
    from: ['PENDING'],
    to: ['SCHEDULED'],
    decide: (facts, { cause }, moment) => {
      if (cause.kind !== 'lost' || isRunning(facts)) return null
      if (facts.returns < MAX_FREE_RETURNS) return accept(afterReturn(facts, cause.message, 'lease-expired', moment.now))
      const done = `Not given out again: ${MAX_FREE_RETURNS + 1} attempts in a row never started.`
      return accept(endedWith('Crashed', { reason: 'never-started', what: cause.message, done }, 'crashed'))
    },
  },
  {
    name: 'gone while running',
    from: LAUNCHED,
    to: ['SCHEDULED'],
    decide: (facts, { cause, attempt }, moment) => {
      if (cause.kind !== 'lost' && cause.kind !== 'returned') return null
      const [reason, outcome] = attempt === null ? (['agent-lost', 'lease-expired'] as const) : (['vanished', 'crashed'] as const)
      return accept(afterCrash(facts, { reason, what: cause.message, outcome }, moment))
    },
  },
  { name: 'nothing else is allowed', from: ANY, to: ANY, decide: (facts) => reject(`Not possible while the run is ${facts.state}.`) },
]
