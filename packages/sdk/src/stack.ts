import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'
import { messageOf } from './errors.ts'

const MAP_MARK = '//# sourceMappingURL=data:application/json;base64,'
const FRAME = /(file:\/\/[^\s():]+|\/[^\s():]+):(\d+):(\d+)/g

const maps = new Map<string, SourceMap | null>()

const mapOf = (file: string): SourceMap | null => {
  const known = maps.get(file)
  if (known !== undefined) return known
  let map: SourceMap | null = null
  try {
    const text = readFileSync(file.startsWith('file:') ? fileURLToPath(file) : file, 'utf8')
    const start = text.lastIndexOf(MAP_MARK)
    if (start >= 0) map = new SourceMap(JSON.parse(Buffer.from(text.slice(start + MAP_MARK.length).trim(), 'base64').toString('utf8')))
  } catch {
    // A stack is shown as it is when its map cannot be read: the error itself matters more.
  }
  maps.set(file, map)
  return map
}

const NOISE = /^\s+at .*(node:internal|node:async_hooks|(?:@towline|packages)\/sdk\/dist\/index\.js)/

/** Names files and lines as they were written, not as they were bundled, without our own; costs nothing until something fails. */
const readable = (stack: string): string =>
  stack
    .replace(FRAME, (whole, file: string, line: string, column: string) => {
      const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1)
      return entry && 'originalSource' in entry && entry.originalSource
        ? `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
        : whole
    })
    .split('\n')
    .filter((line) => !NOISE.test(line))
    .join('\n')

const MAX_CAUSES = 4

/** The error with its stack and causes, for the page of the run. */
export const stackOf = (error: unknown, depth = 0): string => {
  if (!(error instanceof Error)) return messageOf(error)
  const own = error.stack ? readable(error.stack) : `${error.name}: ${error.message}`
  const parts = error instanceof AggregateError ? error.errors.slice(0, MAX_CAUSES) : []
  const causes = error.cause === undefined ? parts : [error.cause, ...parts]
  if (depth >= MAX_CAUSES) return own
  return [own, ...causes.map((cause) => `caused by: ${stackOf(cause, depth + 1)}`)].join('\n')
}
