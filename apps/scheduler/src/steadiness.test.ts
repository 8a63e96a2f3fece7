import { expect, it } from 'vitest'
import { Steadiness } from './steadiness.ts'

const rounds = (steadiness: Steadiness, start: number, seconds: number, reached = true): boolean[] =>
  Array.from({ length: seconds / 2 + 1 }, (_, i) => {
    const at = start + i * 2000
    const steady = steadiness.isSteady(at)
    if (reached) steadiness.succeeded(at)
    return steady
  })

it('is steady after a whole lease of rounds', () => {
  expect(rounds(new Steadiness(40), 0, 44)).toEqual([...Array(20).fill(false), true, true, true])
})

it('begins anew after a gap, and after rounds that did not reach the database', () => {
  const steadiness = new Steadiness(40)
  rounds(steadiness, 0, 40)
  expect(steadiness.isSteady(49_000)).toBe(true)
  expect(steadiness.isSteady(70_000)).toBe(false)
  expect(rounds(steadiness, 72_000, 40).at(-1)).toBe(true)
  expect(rounds(steadiness, 114_000, 20, false).at(-1)).toBe(false)
  expect(rounds(steadiness, 136_000, 38)).toEqual(Array(20).fill(false))
})

it('does not trust a clock that went back', () => {
  const steadiness = new Steadiness(40)
  rounds(steadiness, 0, 40)
  expect(steadiness.isSteady(30_000)).toBe(false)
})
