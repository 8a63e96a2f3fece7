import { describe, expect, it } from 'vitest'
import { formatDuration, formatLiveDuration } from './format-duration.ts'
import { formatCount, plural } from './format-number.ts'
import { formatAbsolute, formatClock, formatRelative } from './format-time.ts'

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [340, '340 ms'],
    [999.4, '999 ms'],
    [1200, '1.2 s'],
    [59_940, '59.9 s'],
    [59_960, '1 m 0 s'],
    [250_000, '4 m 10 s'],
    [7_500_000, '2 h 5 m'],
    [273_600_000, '3 d 4 h'],
    [-5, '0 ms'],
  ])('%d ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

  it('tick in whole seconds and never show a second that has not passed', () => {
    expect(formatLiveDuration(1999)).toBe('1 s')
    expect(formatLiveDuration(61_999)).toBe('1 m 1 s')
  })
})

describe('times', () => {
  const now = new Date('2026-03-01T12:00:00Z')
  it.each([
    [-2, 'now'],
    [-12, '12 s ago'],
    [-250, '4 m ago'],
    [7201, 'in 2 h'],
    [7199, 'in 1 h 59 m'],
    [86_400 * 2 + 7300, 'in 2 d 2 h'],
    [240, 'in 4 m'],
    [-86_400 * 3, '3 d ago'],
    [-86_400 * 400, '1 y ago'],
  ])('%d s from now reads %s', (seconds, text) => expect(formatRelative(new Date(now.getTime() + seconds * 1000), now)).toBe(text))

  it('name their zone when they are absolute', () => {
    expect(formatAbsolute(now, 'UTC')).toBe('Sun, 1 Mar 2026, 12:00:00 UTC')
    expect(formatClock(new Date('2026-03-01T00:03:22.481Z'), 'UTC')).toBe('00:03:22.481')
  })
})

describe('counts', () => {
  it('say when they stopped counting', () => {
    expect(formatCount(10_000, 10_000)).toBe('10,000+')
    expect(formatCount(9999, 10_000)).toBe('9,999')
    expect(plural(1, 'run')).toBe('1 run')
    expect(plural(1200, 'run')).toBe('1,200 runs')
  })
})
