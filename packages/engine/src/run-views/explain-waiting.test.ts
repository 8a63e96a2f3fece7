import { describe, expect, it } from 'vitest'
import { explainGates, explainWaiting, LINE_CAP } from './explain-waiting.ts'
import type { RunRow } from './run-row.ts'

const now = new Date('2026-05-01T12:00:00Z')
const later = new Date('2026-05-01T13:00:00Z')
const ready = {
  state_type: 'SCHEDULED',
  state_name: 'Scheduled',
  state_message: null,
  due_at: now,
  pool_name: 'blue',
  pool_paused: false,
  queue_name: 'default',
  queue_paused: false,
  deployment_name: 'etl',
  deployment_paused: false,
  agent_name: null,
  agents_online: 2,
  capacity: 8,
  running: 3,
  ahead: 0,
  limit: null,
} as RunRow
const gateOf = (facts: Partial<RunRow>) => explainWaiting({ ...ready, ...facts }, now)?.gate

describe('explainWaiting', () => {
  it('names the first gate that holds, in the order in which a run passes them', () => {
    const all = { due_at: later, pool_paused: true, queue_paused: true, deployment_paused: true, agents_online: 0, capacity: 0, running: 0 }
    expect(gateOf(all)).toBe('not-due')
    expect(gateOf({ ...all, due_at: now })).toBe('pool-paused')
    expect(gateOf({ ...all, due_at: now, pool_paused: false })).toBe('queue-paused')
    expect(gateOf({ ...all, due_at: now, pool_paused: false, queue_paused: false })).toBe('deployment-paused')
    expect(gateOf({ agents_online: 0, capacity: 0, running: 0 })).toBe('no-agent')
    expect(gateOf({ running: 8 })).toBe('agents-full')
    expect(gateOf({})).toBe('in-line')
    expect(gateOf({ state_type: 'PENDING', state_name: 'Claimed', agent_name: 'a1' })).toBe('launching')
  })

  it('says nothing of runs that wait for nothing', () => {
    for (const state_type of ['RUNNING', 'PAUSED', 'CANCELLING', 'COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'] as const) {
      expect(explainWaiting({ ...ready, state_type }, now)).toBeNull()
    }
  })

  it('gives the place in line, and no false exactness beyond the cap', () => {
    expect(explainWaiting({ ...ready, running: 8, ahead: 1 }, now)?.text).toContain('1 run is ahead')
    expect(explainWaiting({ ...ready, running: 8, ahead: LINE_CAP }, now)?.text).toContain('100+ runs are ahead')
  })

  it('offers the command that helps when nobody serves the pool', () => {
    expect(explainWaiting({ ...ready, agents_online: 0 }, now)?.remedy).toBe('Start one: towline agent start --pool blue')
  })
})

describe('explainGates', () => {
  const states = (facts: Partial<RunRow>) => explainGates({ ...ready, ...facts }, now).map(({ gate, state }) => `${gate} ${state}`)

  it('says nothing of the room at agents where there is no agent, nor of the turn before the other gates open', () => {
    expect(states({ agents_online: 0, capacity: 0, running: 0 }).slice(-3)).toEqual([
      'no-agent holds',
      'agents-full unknown',
      'in-line unknown',
    ])
    expect(states({}).filter((state) => !state.endsWith(' ok'))).toEqual(['in-line holds'])
  })

  it('are all behind a run that an agent has taken', () => {
    const taken = states({ state_type: 'PENDING', state_name: 'Claimed', agents_online: null, capacity: null, running: null })
    expect(taken.filter((state) => !state.endsWith(' ok'))).toEqual(['launching holds'])
  })
})
