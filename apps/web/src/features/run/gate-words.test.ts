import type { GateView } from '@towline/contract/views'
import { GATES } from '@towline/contract/views'
import { describe, expect, it } from 'vitest'
import { firstHolding, gateName, roughly, shownGates } from './gate-words.ts'

const gate = (name: GateView['gate'], state: GateView['state']): GateView => ({
  gate: name,
  state,
  text: '',
  remedy: null,
  command: null,
  limit: null,
})

describe('the gates of a run', () => {
  it('all have a name', () => {
    for (const name of GATES) expect(gateName(gate(name, 'ok'))).not.toBe('')
  })

  it('hide what is no news, and never the one that holds', () => {
    const gates = [gate('launching', 'ok'), gate('not-due', 'holds'), gate('pool-paused', 'ok'), gate('no-agent', 'holds')]
    expect(shownGates(gates).map((each) => each.gate)).toEqual(['not-due', 'pool-paused', 'no-agent'])
    expect(firstHolding(gates)?.gate).toBe('not-due')
    expect(firstHolding([])).toBeNull()
  })

  it('give an estimate no more exactly than it is known', () => {
    expect([400, 12_345, 95_000, 3_600_000, 7_300_000].map(roughly)).toEqual([
      'about a second',
      'about 12 seconds',
      'about 2 minutes',
      'about 60 minutes',
      'about 2 hours',
    ])
  })
})
