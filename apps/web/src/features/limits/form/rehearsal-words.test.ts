import type { RehearsalView } from '@towline/contract/limit-views'
import { describe, expect, it } from 'vitest'
import { gainsAndLosses, rehearsalLines } from './rehearsal-words.ts'

const summary = { p50: 0, p95: 1000, max: 4000, peakLine: 3, peakUse: 2, never: 0, endedAt: null }
const view: RehearsalView = {
  from: new Date(0),
  to: new Date(86_400_000),
  holders: 40,
  truncated: false,
  before: summary,
  after: { ...summary, p95: 200, max: 9000, peakUse: 8, peakLine: 3 },
  groups: [
    { group: 'slow', holders: 10, meanWaitBefore: 100, meanWaitAfter: 9000, neverAfter: 0 },
    { group: 'quick', holders: 20, meanWaitBefore: 5000, meanWaitAfter: 0, neverAfter: 0 },
    { group: 'heavy', holders: 5, meanWaitBefore: 5000, meanWaitAfter: 0, neverAfter: 5 },
    { group: 'even', holders: 5, meanWaitBefore: 10, meanWaitAfter: 20, neverAfter: 0 },
  ],
}

describe('what a rehearsal says', () => {
  it('calls shorter waits better, longer ones worse, and more slots in use neither', () => {
    expect(Object.fromEntries(rehearsalLines(view).map((line) => [line.label, line.verdict]))).toEqual({
      'Half waited at most': 'same',
      '95 of 100 at most': 'better',
      'Longest wait': 'worse',
      'Longest line': 'same',
      'Most slots in use': 'same',
    })
  })

  it('speaks of those who would never have started only when there are any', () => {
    const lines = rehearsalLines({ ...view, after: { ...summary, never: 2 } })
    expect(lines.at(-1)).toMatchObject({ label: 'Never started', before: '0', after: '2', verdict: 'worse' })
  })

  it('counts a group that would not have started among the losers, however short its wait', () => {
    const { gain, lose } = gainsAndLosses(view)
    expect(gain.map((each) => each.group)).toEqual(['quick'])
    expect(lose.map((each) => each.group)).toEqual(['slow', 'heavy'])
    expect(lose[1]?.text).toBe('5 of 5 would not have started')
  })
})
