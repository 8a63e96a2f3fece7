import type { LogLineView } from '@towline/contract/views'
import { describe, expect, it } from 'vitest'
import { emptyLogs, mergeLogs } from './merge-logs.ts'

const line = (stream: LogLineView['stream'], seq: number, at: number, attempt = 1): LogLineView => ({
  attempt,
  stream,
  seq,
  at: new Date(at),
  level: null,
  task: null,
  text: `${stream} ${seq}`,
})

const texts = (lines: LogLineView[]) => lines.map((one) => `${one.attempt} ${one.text}`)

describe('mergeLogs', () => {
  it('adds no line twice, whatever is sent again', () => {
    const store = emptyLogs()
    expect(mergeLogs(store, [line('stdout', 1, 10), line('stdout', 2, 20)])).toBe(2)
    expect(mergeLogs(store, [line('stdout', 1, 10), line('stdout', 2, 20), line('stdout', 3, 30)])).toBe(1)
    expect(store.lines).toHaveLength(3)
  })

  it('interleaves streams by time, and keeps attempts apart', () => {
    const store = emptyLogs()
    mergeLogs(store, [line('stdout', 1, 10), line('stdout', 2, 30), line('stdout', 1, 5, 2)])
    mergeLogs(store, [line('stderr', 1, 20)])
    expect(texts(store.lines)).toEqual(['1 stdout 1', '1 stderr 1', '1 stdout 2', '2 stdout 1'])
  })

  it('keeps the sequence of a stream when its clock stepped back', () => {
    const store = emptyLogs()
    mergeLogs(store, [line('stdout', 1, 100), line('stdout', 2, 50), line('stderr', 1, 75)])
    expect(texts(store.lines.filter((one) => one.stream === 'stdout'))).toEqual(['1 stdout 1', '1 stdout 2'])
    expect(texts(store.lines)[0]).toBe('1 stderr 1')
  })
})
