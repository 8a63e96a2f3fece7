import { expect, test } from 'vitest'
import { parseAt } from './parse-at.ts'

const now = new Date(2030, 0, 31, 12, 0, 0)

test.each([
  ['in 10m', new Date(2030, 0, 31, 12, 10)],
  ['10m', new Date(2030, 0, 31, 12, 10)],
  ['+1h30m', new Date(2030, 0, 31, 13, 30)],
  ['2 d', new Date(2030, 1, 2, 12)],
  ['22:15', new Date(2030, 0, 31, 22, 15)],
  ['08:00', new Date(2030, 1, 1, 8)],
  ['2031-02-03T04:05:06Z', new Date('2031-02-03T04:05:06Z')],
])('%s is understood', (text, expected) => {
  expect(parseAt(text, now)).toEqual(expected)
})

test.each(['soon', '25:00', '10', 'in x', ''])('"%s" is refused with examples', (text) => {
  expect(() => parseAt(text, now)).toThrow(/is no time/)
})
