import type { LimitRef } from '@towline/contract/limit-views'
import { describe, expect, it } from 'vitest'
import { boundText, holdPhrase, nameOfRef, ordinal, rateText, refOf, subjectPath } from './limit-words.ts'

describe('the words of limits', () => {
  it('say a rate in the largest unit that fits', () => {
    expect(rateText({ count: 10, windowSeconds: 60 })).toBe('10 per minute')
    expect(rateText({ count: 1, windowSeconds: 7200 })).toBe('1 per 2 hours')
    expect(rateText({ count: 3, windowSeconds: 90 })).toBe('3 per 90 seconds')
    expect(rateText({ count: 5, windowSeconds: 86_400 })).toBe('5 per day')
  })

  it('call no slots a pause, whatever the rate', () => {
    expect(boundText({ slots: 0, rate: { count: 1, windowSeconds: 1 } })).toBe('paused')
    expect(boundText({ slots: 1, rate: null })).toBe('1 slot')
    expect(boundText({ slots: 2, rate: { count: 4, windowSeconds: 1 } })).toBe('2 slots, 4 per second')
  })

  it('name every kind of subject there and back', () => {
    const refs: LimitRef[] = [
      { kind: 'tag', tag: 'api/v2 calls' },
      { kind: 'pool', pool: 'blue' },
      { kind: 'queue', pool: 'blue', queue: 'urgent' },
      { kind: 'deployment', deployment: 'etl' },
    ]
    for (const ref of refs) if ('kind' in ref) expect(refOf({ kind: ref.kind, name: nameOfRef(ref) })).toEqual(ref)
  })

  it('lead to the page of what is bounded', () => {
    expect(subjectPath({ kind: 'queue', name: 'blue/urgent' })).toBe('/pools/blue?tab=queues')
    expect(subjectPath({ kind: 'tag', name: 'a b' })).toBe('/runs?tag=a%20b')
  })

  it('give the one in front the reason of now, not that of the moment when it joined', () => {
    const joined = { hold: 'in-line', called: false, place: 1 } as const
    expect(holdPhrase(joined, { slots: 2, used: 2 })).toBe('all slots are taken')
    expect(holdPhrase(joined, { slots: 2, used: 1 })).toBe('it is next')
    expect(holdPhrase(joined, { slots: 0, used: 1 })).toBe('the limit is paused')
    expect(holdPhrase({ ...joined, hold: 'full', place: 2 }, { slots: 2, used: 2 })).toBe('others stand before it')
    expect(holdPhrase({ ...joined, called: true }, { slots: 2, used: 1 })).toContain('offered')
  })

  it('count places as people do', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '112th'])
  })
})
