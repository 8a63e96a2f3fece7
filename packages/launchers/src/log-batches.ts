import type { LogLine } from '@towline/contract/frames'
import type { LogBatch } from './launcher.ts'

/** Small enough for one frame of ordinary lines, large enough that the cost per batch does not count. */
const LINES_PER_BATCH = 500

export function* batches(stream: LogBatch['stream'], lines: readonly LogLine[]): Generator<LogBatch> {
  for (let start = 0; start < lines.length; start += LINES_PER_BATCH) yield { stream, lines: lines.slice(start, start + LINES_PER_BATCH) }
}
