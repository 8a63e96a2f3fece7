import type { AttemptView } from '@towline/contract/views'
import { describe, expect, it } from 'vitest'
import { phasesOf } from './phases.ts'

const at = (ms: number) => new Date(1_000_000 + ms)
const attempt = (number: number, claimed: number, started: number | null, ended: number | null): AttemptView => ({
  number,
  agent: { id: '0199f3a0-0000-7000-8000-000000000010', name: 'a' },
  claimedAt: at(claimed),
  confirmedAt: at(claimed),
  startedAt: started === null ? null : at(started),
  endedAt: ended === null ? null : at(ended),
  outcome: null,
  exitCode: null,
  signal: null,
  infrastructure: {},
  failure: null,
})
const shape = (phases: ReturnType<typeof phasesOf>) =>
  phases.map((phase) => [phase.id, phase.startMs - 1_000_000, phase.endMs - 1_000_000, phase.live])

describe('phasesOf', () => {
  it('splits a finished run into waiting, launching and running', () => {
    const facts = { createdAt: at(0), dueAt: at(0), endedAt: at(100), attempts: [attempt(1, 10, 30, 100)] }
    expect(shape(phasesOf(facts, 0))).toEqual([
      ['queue-1', 0, 10, false],
      ['launch-1', 10, 30, false],
      ['run-1', 30, 100, false],
    ])
  })

  it('lets the last phase of a living run grow', () => {
    const facts = { createdAt: at(0), dueAt: at(0), endedAt: null, attempts: [attempt(1, 10, 30, null)] }
    expect(shape(phasesOf(facts, at(90).getTime())).at(-1)).toEqual(['run-1', 30, 90, true])
  })

  it('shows the wait between attempts, and a launch that failed', () => {
    const facts = { createdAt: at(0), dueAt: at(0), endedAt: at(200), attempts: [attempt(2, 120, 130, 200), attempt(1, 10, null, 40)] }
    expect(shape(phasesOf(facts, 0)).map(([id]) => id)).toEqual(['queue-1', 'launch-1', 'queue-2', 'launch-2', 'run-2'])
  })

  it('does not take the moment of a retry for the moment of the run', () => {
    const facts = { createdAt: at(0), dueAt: at(90), endedAt: at(200), attempts: [attempt(1, 10, 20, 40), attempt(2, 90, 95, 200)] }
    expect(shape(phasesOf(facts, 0)).map(([id]) => id)).toEqual(['queue-1', 'launch-1', 'run-1', 'queue-2', 'launch-2', 'run-2'])
  })

  it('waits for its moment first', () => {
    const facts = { createdAt: at(0), dueAt: at(500), endedAt: null, attempts: [] }
    expect(shape(phasesOf(facts, at(100).getTime()))).toEqual([['due', 0, 100, false]])
  })

  it('does not count the time in which the run was over as waiting', () => {
    const facts = { createdAt: at(0), dueAt: at(900), endedAt: at(1000), attempts: [attempt(1, 10, 20, 40), attempt(2, 910, 920, 1000)] }
    const events = [
      { state: 'Scheduled', at: at(0) },
      { state: 'Running', at: at(20) },
      { state: 'Failed', at: at(41) },
      { state: 'Scheduled', at: at(900) },
      { state: null, at: at(905) },
      { state: 'Running', at: at(920) },
      { state: 'Completed', at: at(1000) },
    ] as const
    expect(shape(phasesOf(facts, 0, [...events]))).toContainEqual(['queue-2', 900, 910, false])
    expect(
      shape(phasesOf({ ...facts, endedAt: null, attempts: facts.attempts.slice(0, 1) }, at(950).getTime(), events.slice(0, 4))),
    ).toContainEqual(['queue-next', 900, 950, true])
  })

  it('counts the wait for an automatic retry', () => {
    const facts = { createdAt: at(0), dueAt: at(90), endedAt: at(200), attempts: [attempt(1, 10, 20, 40), attempt(2, 95, 99, 200)] }
    const events = [
      { state: 'Running', at: at(20) },
      { state: 'AwaitingRetry', at: at(40) },
      { state: 'Running', at: at(99) },
    ] as const
    expect(shape(phasesOf(facts, 0, [...events]))).toContainEqual(['queue-2', 40, 95, false])
  })
})
