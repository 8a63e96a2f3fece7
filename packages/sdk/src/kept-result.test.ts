import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keptResult } from './kept-result.ts'

class Invoice {
  readonly id = 1
}
const cycle: Record<string, unknown> = {}
cycle.self = cycle

it.each([
  ['a Date', { at: new Date(0) }, 'its result contains a Date'],
  ['a lost property', { cursor: undefined }, 'its result contains undefined'],
  ['an own class', [new Invoice()], 'its result contains an Invoice'],
  ['a Map', new Map(), 'its result contains a Map'],
  ['a number that JSON lacks', [Number.NaN], 'its result contains NaN'],
  ['minus zero', -0, 'its result contains -0'],
  ['a bigint', 1n, 'its result contains a bigint'],
  ['a function', () => 1, 'its result contains a function'],
  ['a symbol as a key', { [Symbol('x')]: 1 }, 'its result contains hidden properties'],
  ['an array with a name', Object.assign([1], { more: 1 }), 'its result contains an irregular list'],
  ['a list with gaps', new Array(3), 'its result contains an irregular list'],
  ['no prototype', Object.create(null), 'its result contains an object without a class'],
  ['a circle', cycle, 'its result is nested too deeply'],
  ['too much text', 'x'.repeat(70_000), 'its result is larger than 64 KiB'],
  ['too many bytes', 'é'.repeat(33_000), 'its result is larger than 64 KiB'],
  ['a list as long as the day', Array.from({ length: 10_000_000 }, () => 0), 'its result is larger than 64 KiB'],
  [
    'a getter that throws',
    {
      get x() {
        throw new Error('no')
      },
    },
    'its result cannot be read',
  ],
])('%s is not kept, and it is said why', (_, value, notReusable) => {
  expect(keptResult(value)).toEqual({ notReusable })
})

it('what is kept comes back as the same value', () => {
  expect(keptResult(undefined)).toEqual({ json: undefined })
  expect(keptResult(null)).toEqual({ json: 'null' })
  fc.assert(
    fc.property(fc.anything({ withDate: true, withBigInt: true, withSparseArray: true, withNullPrototype: true }), (value) => {
      const kept = keptResult(value)
      if ('json' in kept && kept.json !== undefined) expect(JSON.parse(kept.json)).toStrictEqual(value)
    }),
  )
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), (json) => {
      // JSON.parse alone makes -0 of "-0".
      const value: unknown = JSON.parse(json.replaceAll('-0', '0'))
      expect(keptResult(value)).toEqual({ json: JSON.stringify(value) })
    }),
  )
  expect(keptResult('\0 and \ud800')).toEqual({ json: '"\\u0000 and \\ud800"' })
})
