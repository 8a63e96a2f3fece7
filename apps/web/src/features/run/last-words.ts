import type { LogLineView } from '@towline/contract/views'
import { plainText } from './filter-logs.ts'

const SHOWN = 5

/** The last lines of an attempt that speak of trouble: what it wrote to stderr or logged as an error. */
export const lastWords = (lines: LogLineView[], attempt: number): string[] => {
  const words: string[] = []
  for (let index = lines.length - 1; index >= 0 && words.length < SHOWN; index--) {
    const line = lines[index]
    if (!line || line.attempt !== attempt) continue
    if (line.stream === 'stderr' || line.level === 'error') words.unshift(plainText(line.text))
  }
  return words
}
