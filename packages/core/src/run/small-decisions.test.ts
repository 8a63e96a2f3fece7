import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeVariables } from './merge-variables.ts'
import { causeOfItem, causeOfStatus } from './report-proposals.ts'
import { retryDelayMs, returnDelayMs } from './retry-delay.ts'
import { runName } from './run-name.ts'
import { takeItems } from './take-items.ts'

describe('retryDelayMs', () => {
  const policy = { failures: 9, crashes: 9, delaySeconds: 10, factor: 2, jitter: 0.2 }
  it('grows by the factor, within the jitter, to at most an hour', () => {
    expect([1, 2, 3].map((retry) => retryDelayMs(policy, retry, () => 0.5))).toEqual([10_000, 20_000, 40_000])
    expect(retryDelayMs(policy, 1, () => 0)).toBe(8000)
    expect(retryDelayMs(policy, 60, () => 0.99)).toBe(3_600_000)
    expect(retryDelayMs({ ...policy, delaySeconds: 0 }, 3, () => 0.9)).toBe(0)
  })
  it('gives handed-back runs back at once at first, then slower', () => {
    expect([0, 2, 3, 4, 5, 20].map(returnDelayMs)).toEqual([0, 0, 1000, 2000, 4000, 30_000])
  })
})

describe('takeItems', () => {
  it('takes each number once, in order, up to the first gap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.array(fc.integer({ min: 1, max: 12 })), (stored, seqs) => {
        const { fresh, seq } = takeItems(
          seqs.map((n) => ({ seq: n })),
          stored,
        )
        expect(fresh.map((item) => item.seq)).toEqual(Array.from({ length: seq - stored }, (_, i) => stored + 1 + i))
        expect(seqs.includes(seq + 1)).toBe(false)
      }),
    )
  })
})

describe('mergeVariables', () => {
  it('merges env key by key and replaces the rest', () => {
    const merged = mergeVariables(
      { env: { A: '1', B: '1' }, memoryMb: 512, volumes: ['a:b'] },
      { env: { B: '2' }, volumes: ['c:d'] },
      { env: { C: '3' }, memoryMb: 1024 },
    )
    expect(merged).toEqual({ env: { A: '1', B: '2', C: '3' }, memoryMb: 1024, volumes: ['c:d'] })
    expect(mergeVariables({}, {})).toEqual({})
  })
})

describe('what reports ask for', () => {
  const exit = { exitCode: 0, signal: null, outOfMemory: false }
  const exited = (more: Partial<typeof exit> | { exitCode: null } | { signal: string }, cause: 'self' | 'cancel' | 'timeout' = 'self') =>
    causeOfStatus({ kind: 'exited', exit: { ...exit, ...more }, cause })
  it('tells success, failure, crash, cancel and timeout of a process apart', () => {
    expect(exited({})).toEqual({ kind: 'completed' })
    expect(exited({ exitCode: 3 })).toEqual({ kind: 'failed', message: 'Exited with code 3', timedOut: false })
    expect(exited({ exitCode: null, signal: 'SIGKILL' })).toMatchObject({ kind: 'crashed', message: 'Killed by SIGKILL' })
    expect(exited({ exitCode: 137, outOfMemory: true })).toMatchObject({ kind: 'crashed', message: 'Ran out of memory' })
    expect(exited({ exitCode: 143 }, 'cancel')).toMatchObject({ kind: 'stopped' })
    expect(exited({ exitCode: 143 }, 'timeout')).toMatchObject({ kind: 'failed', timedOut: true })
  })
  it('knows which launch failures no further attempt can cure', () => {
    const failure = (reason: 'CommandNotFound' | 'ImagePull') =>
      causeOfStatus({ kind: 'failed-to-launch', failure: { reason, message: 'm', evidence: '' } })
    expect(failure('CommandNotFound')).toMatchObject({ hopeless: true, message: 'CommandNotFound: m', reason: 'launch' })
    expect(failure('ImagePull')).toMatchObject({ hopeless: false })
  })
  it('leaves task runs out of the run state', () => {
    expect(causeOfItem({ kind: 'task', seq: 1, at: 0, key: 'a', name: 'a', state: 'RUNNING', try: 1 })).toBeNull()
    expect(causeOfItem({ kind: 'run.failed', seq: 1, at: 0, message: 'm', timedOut: true })).toEqual({
      kind: 'failed',
      message: 'm',
      timedOut: true,
    })
  })
})

it('makes readable run names', () => {
  expect(runName(() => 0)).toBe('amber-albatross-0')
  expect(runName(Math.random)).toMatch(/^[a-z]+-[a-z]+-\d{1,4}$/)
})
