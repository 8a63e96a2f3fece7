import { expect, it } from 'vitest'
import { PastResults } from './past-results.ts'
import type { PastResult } from './wire.ts'

const stored = (key: string, inputHash: string, more: Partial<PastResult> = {}): PastResult => ({
  key,
  name: key.replace(/-\d+$/, ''),
  inputHash,
  attempt: 1,
  result: JSON.stringify(`${key}(${inputHash})`),
  alone: true,
  ...more,
})
const pastOf = (...results: PastResult[]): PastResults => {
  const past = new PastResults(3)
  past.add(results)
  return past
}
const ask = (past: PastResults, key: string, inputHash: string, follows: string[] = []) =>
  past.take({ key, name: key.replace(/-\d+$/, ''), inputHash, follows })

it('finds a result by key, name and inputs', () => {
  const past = pastOf(stored('load', 'x', { attempt: 2 }), stored('void', 'x', { result: null }))
  expect(ask(past, 'load', 'x')).toEqual({ kind: 'found', value: 'load(x)', attempt: 2 })
  expect(ask(past, 'void', 'x')).toEqual({ kind: 'found', value: undefined, attempt: 1 })
  expect(ask(past, 'other', 'x')).toEqual({ kind: 'unknown' })
})

it('says that the inputs have changed, and since when', () => {
  const past = pastOf(stored('load', 'x'), stored('load', 'y', { attempt: 2 }))
  expect(ask(past, 'load', 'z')).toEqual({ kind: 'changed', attempt: 2 })
  expect(past.take({ key: 'load', name: 'renamed', inputHash: 'x', follows: [] })).toEqual({ kind: 'unknown' })
})

it('calls that raced each other find their own results under each other’s keys', () => {
  const past = pastOf(stored('load', 'x'), stored('load-2', 'y'))
  expect(ask(past, 'load', 'y')).toMatchObject({ value: 'load-2(y)' })
  expect(ask(past, 'load-2', 'x')).toMatchObject({ value: 'load(x)' })
})

it('calls with the same inputs have nothing but their keys, and none takes what is another’s', () => {
  const past = pastOf(stored('roll-2', 'x', { alone: false }), stored('roll-3', 'x', { alone: false }))
  expect(ask(past, 'roll', 'x')).toEqual({ kind: 'unknown' })
  expect(ask(past, 'roll-2', 'x')).toMatchObject({ value: 'roll-2(x)' })
  expect(ask(past, 'roll-3', 'x')).toMatchObject({ value: 'roll-3(x)' })
})

it('hands out a result once', () => {
  const past = pastOf(stored('roll', 'x'))
  expect(ask(past, 'roll', 'x')).toMatchObject({ kind: 'found' })
  expect(ask(past, 'roll-2', 'x')).toEqual({ kind: 'unknown' })
})

it('what follows a task that has run since is not taken over', () => {
  const past = pastOf(stored('clean', 'x', { attempt: 2 }), stored('load', 'x'), stored('check', 'x', { attempt: 2 }))
  expect(ask(past, 'clean', 'x')).toMatchObject({ kind: 'found', attempt: 2 })
  expect(ask(past, 'load', 'x', ['clean'])).toEqual({ kind: 'overtaken', by: 'clean' })
  past.ran('load')
  expect(ask(past, 'check', 'x', ['clean', 'load'])).toEqual({ kind: 'overtaken', by: 'load' })
})

it('a result that is no JSON is as good as none', () => {
  expect(ask(pastOf(stored('load', 'x', { result: '{' })), 'load', 'x')).toEqual({ kind: 'unknown' })
})
