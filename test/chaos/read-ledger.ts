import { readFileSync } from 'node:fs'
import type { LogCursor, LogLineView } from '@towline/contract/views'
import type { Api } from '../support/api.ts'

export type Mark = { run: string; attempt: number; pid: number; mark: 'start' | 'end' | 'overlap' }

export const readMarks = (file: string): Mark[] => {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Mark)
  } catch {
    return []
  }
}

export const readAllLogs = async (api: Api, id: string): Promise<LogLineView[]> => {
  const lines: LogLineView[] = []
  let cursor: LogCursor = {}
  for (;;) {
    const page = await api.runs.logs.query({ id, cursor })
    lines.push(...page.lines)
    if (!page.more) return lines
    cursor = page.cursor
  }
}

/** What is wrong with a run's stored lines: gaps, repeats, lines missing from the attempt that ended well. Empty: nothing. */
export const logFaults = (lines: LogLineView[], finalAttempt: number, expected: number): string[] => {
  const faults: string[] = []
  const streams = groupBy(lines)
  for (const [stream, own] of streams) {
    const seqs = own.map(({ seq }) => seq).toSorted((left, right) => left - right)
    seqs.forEach((seq, index) => {
      if (seq !== index + 1) faults.push(`${stream}: line ${index + 1} has the number ${seq}`)
    })
  }
  const written = lines
    .filter(({ attempt, text }) => attempt === finalAttempt && /^line \d+$/.test(text))
    .map(({ text }) => Number(text.slice(5)))
  for (let line = 1; line <= expected; line++) {
    const times = written.filter((number) => number === line).length
    if (times !== 1) faults.push(`line ${line} is stored ${times} times`)
  }
  return faults
}

const keyOf = ({ attempt, stream }: LogLineView): string => `${attempt}/${stream}`
const groupBy = (lines: LogLineView[]): Map<string, LogLineView[]> => {
  const groups = new Map<string, LogLineView[]>()
  for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line])
  return groups
}
