import type { LogLine } from '@towline/contract/frames'
import type { LogBatch } from '../launcher.ts'
import { LineReader } from '../line-reader.ts'

const HEADER_BYTES = 8
const STREAMS: Record<number, LogBatch['stream']> = { 1: 'stdout', 2: 'stderr' }
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d) /

/**
 * One reading of a container's log from its first byte: frames of `[stream, 0, 0, 0, length]`, each an entry that the engine
 * stamped with its time (a line longer than 16 KiB is several entries). Numbers by line; passes on what comes after `next`.
 */
export class ContainerLogReading {
  readonly #next: { stdout: number; stderr: number }
  readonly #seen = { stdout: 0, stderr: 0 }
  readonly #lines = { stdout: new LineReader(), stderr: new LineReader() }
  #rest: Buffer = Buffer.alloc(0)
  #lastStamp = ''

  /** `next`: the first number of each stream that is wanted; shared by the readings of a container, and moved on. */
  constructor(next: { stdout: number; stderr: number }) {
    this.#next = next
  }

  /** The engine's stamp of the last entry: the whole log was read when its last entry carries the same. */
  get lastStamp(): string {
    return this.#lastStamp
  }

  push(chunk: Buffer): LogBatch[] {
    const wanted: Record<LogBatch['stream'], LogLine[]> = { stdout: [], stderr: [] }
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (bytes.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + bytes.readUInt32BE(4)
      if (bytes.length < end) break
      const stream = STREAMS[bytes[0] ?? 0]
      if (stream !== undefined) wanted[stream].push(...this.#take(stream, bytes.subarray(HEADER_BYTES, end)))
      bytes = bytes.subarray(end)
    }
    this.#rest = Buffer.from(bytes)
    return toBatches(wanted)
  }

  /** Last lines without a newline. Only when the container has ended. */
  flush(): LogBatch[] {
    const wanted: Record<LogBatch['stream'], LogLine[]> = { stdout: [], stderr: [] }
    for (const stream of ['stdout', 'stderr'] as const) {
      const text = this.#lines[stream].flush()
      if (text !== null) wanted[stream].push(...this.#number(stream, [text]))
    }
    return toBatches(wanted)
  }

  #take(stream: LogBatch['stream'], entry: Buffer): LogLine[] {
    const stamp = TIMESTAMP.exec(entry.toString('latin1', 0, 40))?.[0] ?? ''
    if (stamp !== '') this.#lastStamp = stamp
    return this.#number(stream, this.#lines[stream].push(entry.subarray(stamp.length)))
  }

  #number(stream: LogBatch['stream'], texts: readonly string[]): LogLine[] {
    const lines: LogLine[] = []
    const at = texts.length === 0 ? 0 : Date.parse(this.#lastStamp) || Date.now()
    for (const text of texts) {
      this.#seen[stream] += 1
      if (this.#seen[stream] < this.#next[stream]) continue
      lines.push({ seq: this.#seen[stream], at, text })
      this.#next[stream] = this.#seen[stream] + 1
    }
    return lines
  }
}

const toBatches = (wanted: Record<LogBatch['stream'], LogLine[]>): LogBatch[] =>
  (['stdout', 'stderr'] as const).flatMap((stream) => (wanted[stream].length === 0 ? [] : [{ stream, lines: wanted[stream] }]))
