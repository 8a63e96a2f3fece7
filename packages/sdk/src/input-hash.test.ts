import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inputHash } from './input-hash.ts'

const lineage = { inputs: 'run', storesResults: true }
const hashOf = (...args: unknown[]): string | null => inputHash(lineage, args).hash
class Client {}

it('is the same for the same inputs, in whatever order their keys were written', () => {
  expect(hashOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(hashOf({ b: [{ d: 3, c: 2 }], a: 1 }))
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(hashOf(value)).toBe(hashOf(structuredClone(value)))
    }),
  )
})

it('tells different inputs apart, also those that JSON confuses', () => {
  const values = [
    [],
    [undefined],
    [null],
    ['null'],
    [Number.NaN],
    [0],
    [-0],
    ['0'],
    [0n],
    [[0]],
    [0, 0],
    [{}],
    [{ a: undefined }],
    [new Date(0)],
    [new Date(0).toISOString()],
    [new Uint8Array([0])],
    ['AA=='],
    [[['a'], 'b']],
    [[['a', 'b']]],
  ]
  expect(new Set(values.map((args) => hashOf(...args))).size).toBe(values.length)
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(hashOf(a) === hashOf(b)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)) && !differInZero(a, b))
    }),
  )
})

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => ({ key, inner: sorted(inner) }))
      : value
/** JSON writes both zeros alike. */
const differInZero = (a: unknown, b: unknown): boolean => {
  try {
    expect(a).toStrictEqual(b)
    return false
  } catch {
    return true
  }
}

it.each([
  ['a function', () => 1, 'its arguments contain a function'],
  ['an object of a class', { db: new Client() }, 'its arguments contain a Client'],
  ['a Map', [new Map()], 'its arguments contain a Map'],
  ['too much', 'x'.repeat(2 ** 20), 'its arguments are larger than 1 MiB'],
  ['too many bytes', new Uint8Array(2 ** 20 + 1), 'its arguments are larger than 1 MiB'],
])('%s cannot be compared, and it is said why', (_, value, notReusable) => {
  expect(inputHash(lineage, [value])).toEqual({ hash: null, notReusable })
})

it('depends on what the code around the task was called with, and cannot be told without that', () => {
  expect(inputHash({ ...lineage, inputs: 'other run' }, [1]).hash).not.toBe(hashOf(1))
  expect(inputHash({ ...lineage, inputs: null }, [1])).toMatchObject({ hash: null })
})
