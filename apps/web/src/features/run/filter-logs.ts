import type { LogLineView } from '@towline/contract/views'

export type LogFilter = {
  search: string
  stream: LogLineView['stream'] | 'all'
  level: 'all' | 'info' | 'warn' | 'error'
  task: string | null
  attempt: number | null
}

export const NO_LOG_FILTER: LogFilter = { search: '', stream: 'all', level: 'all', task: null, attempt: null }

const RANK = { debug: 0, info: 1, warn: 2, error: 3 } as const

/** Lines without a level count as info, those of stderr as warnings. */
const levelOf = (line: LogLineView): number => (line.level ? RANK[line.level] : line.stream === 'stderr' ? RANK.warn : RANK.info)

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with ESC
const ANSI = /\x1b\[[0-9;?]*[ -/]*[@-~]/g

/** Text without the colour codes that programs write for terminals. */
export const plainText = (text: string): string => (text.includes('\x1b') ? text.replace(ANSI, '') : text)

export const filterLogs = (lines: LogLineView[], filter: LogFilter): LogLineView[] => {
  const needle = filter.search.trim().toLowerCase()
  const least = filter.level === 'all' ? -1 : RANK[filter.level]
  if (needle === '' && least < 0 && filter.stream === 'all' && filter.task === null && filter.attempt === null) return lines
  return lines.filter(
    (line) =>
      (filter.stream === 'all' || line.stream === filter.stream) &&
      levelOf(line) >= least &&
      (filter.task === null || line.task === filter.task) &&
      (filter.attempt === null || line.attempt === filter.attempt) &&
      (needle === '' || plainText(line.text).toLowerCase().includes(needle)),
  )
}

/** The attempts that wrote something. Lines are in the order of attempts. */
export const attemptsOf = (lines: LogLineView[]): number[] => {
  if (lines[0]?.attempt === lines.at(-1)?.attempt) return lines[0] ? [lines[0].attempt] : []
  return [...new Set(lines.map((line) => line.attempt))]
}

/** What the download holds: one line per line, sortable, with everything that the page shows. */
export const logsAsText = (lines: LogLineView[]): string =>
  lines
    .map(
      (line) =>
        `${line.at.toISOString()} ${line.attempt} ${line.stream}${line.level ? ` ${line.level}` : ''}${line.task ? ` [${line.task}]` : ''} ${plainText(line.text)}\n`,
    )
    .join('')
