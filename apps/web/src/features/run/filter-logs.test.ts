import type { LogLineView } from '@towline/contract/views'
import { describe, expect, it } from 'vitest'
import { filterLogs, logsAsText, NO_LOG_FILTER, plainText } from './filter-logs.ts'

const line = (over: Partial<LogLineView>): LogLineView => ({
  attempt: 1,
  stream: 'log',
  seq: 1,
  at: new Date(0),
  level: 'info',
  task: null,
  text: 'x',
  ...over,
})
const lines = [
  line({ text: 'Fetched 3 pages', task: 'fetch' }),
  line({ text: 'careful', level: 'warn' }),
  line({ text: 'from stderr', stream: 'stderr', level: null }),
  line({ text: '\x1b[31mred\x1b[0m', stream: 'stdout', level: null, attempt: 2 }),
]
const texts = (filter: Partial<typeof NO_LOG_FILTER>) =>
  filterLogs(lines, { ...NO_LOG_FILTER, ...filter }).map((one) => plainText(one.text))

describe('log filters', () => {
  it('find text in any case, and not inside colour codes', () => {
    expect(texts({ search: 'FETCHED' })).toEqual(['Fetched 3 pages'])
    expect(texts({ search: '31m' })).toEqual([])
    expect(texts({ search: 'red' })).toEqual(['red'])
  })
  it('count stderr as a warning and a line without a level as info', () => {
    expect(texts({ level: 'warn' })).toEqual(['careful', 'from stderr'])
    expect(texts({ level: 'info' })).toHaveLength(4)
  })
  it('narrow to a task, a stream and an attempt', () => {
    expect(texts({ task: 'fetch' })).toEqual(['Fetched 3 pages'])
    expect(texts({ stream: 'stdout' })).toEqual(['red'])
    expect(texts({ attempt: 2 })).toEqual(['red'])
  })
  it('download with time, attempt, stream, level and task', () => {
    expect(logsAsText(lines.slice(0, 1))).toBe('1970-01-01T00:00:00.000Z 1 log info [fetch] Fetched 3 pages\n')
  })
})
