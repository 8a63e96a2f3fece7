import { STATE_TYPES, type StateName } from '@towline/contract/states'
import { describe, expect, it } from 'vitest'
import { advance } from './advance.ts'
import type { Cause, Decision, RunFacts } from './facts.ts'
import { propose } from './propose.ts'
import { CAUSES, factsOf, NOW, proposalOf } from './test-facts.ts'

const half = () => 0.5
const laterOf = (a: Date, b: Date): Date => new Date(Math.max(a.getTime(), b.getTime()))
const SITUATIONS: Record<string, RunFacts> = {
  SCHEDULED: factsOf('Scheduled'),
  'SCHEDULED, not due': factsOf('AwaitingRetry', { dueAt: new Date(NOW.getTime() + 5000), ready: false }),
  'PENDING, unconfirmed': factsOf('Claimed', { confirmedAt: null }),
  PENDING: factsOf('Launching'),
  RUNNING: factsOf('Running'),
  'RUNNING, budgets spent': factsOf('Retrying', { failures: 1, crashes: 1, attempt: 3 }),
  PAUSED: factsOf('Paused'),
  CANCELLING: factsOf('Cancelling'),
  'CANCELLING, not started': factsOf('Cancelling', { attemptStartedAt: null, startedAt: null }),
  COMPLETED: factsOf('Completed'),
  FAILED: factsOf('Failed'),
  CRASHED: factsOf('Crashed'),
  CANCELLED: factsOf('Cancelled'),
}

const inWords = (decision: Decision): string => {
  if (decision.kind === 'wait') return `wait ${decision.ms} ms`
  if (decision.kind === 'stale') return 'stale'
  if (decision.kind === 'rejected') return 'rejected'
  const { change } = decision
  if (change === null) return 'accepted, no change'
  const effects = [
    change.beginAttempt && 'begins attempt',
    change.confirm && 'confirms',
    change.start && 'starts attempt',
    change.endAttempt && `ends attempt: ${change.endAttempt}`,
    change.count && `count ${change.count}`,
    change.askCancel && 'asks cancel',
    change.dueAt && `due +${(change.dueAt.getTime() - NOW.getTime()) / 1000} s`,
    change.ready && 'ready',
  ].filter(Boolean)
  return [change.event === 'state' ? change.state : 'same state', ...effects, change.message && `“${change.message}”`]
    .filter(Boolean)
    .join('; ')
}

const outcomes = (situation: RunFacts): string[] =>
  Object.entries(CAUSES).map(([name, { cause, by }]) => {
    const decision = propose(situation, proposalOf(situation, cause, by), NOW, half)
    return `| ${name} | ${inWords(decision)} | ${decision.rule} |`
  })

describe('propose', () => {
  it('decides every cause from every state as the table says', async () => {
    const table = Object.entries(SITUATIONS).flatMap(([name, facts]) => [
      `## ${name}`,
      '| what happens | outcome | rule |',
      '|---|---|---|',
      ...outcomes(facts),
      '',
    ])
    const types = new Set(Object.values(SITUATIONS).map((facts) => facts.state))
    expect(types.size).toBeGreaterThanOrEqual(STATE_TYPES.length)
    await expect(['# From every state, by every cause', '', ...table].join('\n')).toMatchFileSnapshot('./transitions.txt')
  })

  const walk = (start: RunFacts, causes: Cause[]): RunFacts =>
    causes.reduce((facts, cause) => {
      const by = ['claim', 'cancel', 'retry', 'late'].includes(cause.kind) ? 'plane' : 'attempt'
      const decision = propose(facts, proposalOf(facts, cause, by), laterOf(facts.dueAt, NOW), half)
      return decision.kind === 'accepted' && decision.change ? advance(facts, decision.change, null, NOW) : facts
    }, start)
  const claim: Cause = { kind: 'claim', agentName: 'a1', held: false, startSeconds: 600 }

  it("spends the user's and the infrastructure's budgets apart", () => {
    const failed: Cause = { kind: 'failed', message: 'boom', timedOut: false }
    const crashed: Cause = { kind: 'crashed', reason: 'killed', message: 'killed', hopeless: false }
    const both = walk(factsOf('Scheduled'), [claim, { kind: 'started' }, failed, claim, { kind: 'started' }, crashed])
    expect(both).toMatchObject({ state: 'AwaitingRetry', failures: 1, crashes: 1, attempt: 2, leased: false })
    expect(walk(both, [claim, { kind: 'started' }, failed])).toMatchObject({ state: 'Failed', failures: 1, crashes: 1 })
    expect(walk(both, [claim, { kind: 'started' }, crashed])).toMatchObject({ state: 'Crashed', failures: 1, crashes: 1 })
  })

  it('gives a run back free of charge five times in a row, then calls it crashed', () => {
    const lost: Cause = { kind: 'lost', message: 'gone' }
    const five = walk(factsOf('Scheduled'), Array.from({ length: 5 }, () => [claim, lost]).flat())
    expect(five).toMatchObject({ state: 'Scheduled', attempt: 5, returns: 5, crashes: 0, failures: 0 })
    expect(walk(five, [claim, lost])).toMatchObject({ state: 'Crashed', attempt: 6 })
    expect(walk(five, [claim, { kind: 'started' }])).toMatchObject({ state: 'Running', returns: 0 })
  })

  it('starts a retried run anew, with both budgets whole', () => {
    const retried = walk(factsOf('Failed', { failures: 1, crashes: 1, attempt: 4 }), [{ kind: 'retry', actor: 'ann' }])
    expect(retried).toMatchObject({ state: 'Scheduled', ready: true, failures: 0, crashes: 0, attempt: 4, endedAt: null, startedAt: null })
  })

  it('tells an early claim how long to wait', () => {
    const facts = factsOf('Scheduled', { dueAt: new Date(NOW.getTime() + 1500), ready: false })
    expect(propose(facts, proposalOf(facts, claim, 'plane'), NOW, half)).toMatchObject({ kind: 'wait', ms: 1500 })
  })

  it('never retries a run whose cancel was asked for', () => {
    for (const { cause, by } of Object.values(CAUSES)) {
      const facts = factsOf('Cancelling')
      const decision = propose(facts, proposalOf(facts, cause, by), NOW, half)
      const next: StateName = decision.kind === 'accepted' && decision.change ? decision.change.state : facts.state
      expect(['Cancelling', 'Cancelled', 'Completed']).toContain(next)
    }
  })
})
