import { expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

it('gives objects that mean the same the same text, whatever the order of their keys at any depth', () => {
  expect(canonicalJson({ b: [{ y: 1, x: null }], a: { d: 'ü', c: undefined } })).toBe('{"a":{"d":"ü"},"b":[{"x":null,"y":1}]}')
  expect(canonicalJson({ a: { d: 'ü' }, b: [{ x: null, y: 1 }] })).toBe('{"a":{"d":"ü"},"b":[{"x":null,"y":1}]}')
})

it('keeps the order of arrays: there it has a meaning', () => {
  expect(canonicalJson(['b', 'a'])).toBe('["b","a"]')
})
