import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogLine } from '@towline/contract/frames'
import type { LogBatch } from '../launcher.ts'
import { LineReader } from '../line-reader.ts'
import { batches } from '../log-batches.ts'
import type { DirectoryWatch } from './directory-watch.ts'

const CHUNK_BYTES = 64 * 1024

type Follow = {
  directory: string
  from: { stdout: number; stderr: number }
  watch: DirectoryWatch
  /** True once nothing more will be written. */
  hasEnded: () => boolean
  signal: AbortSignal
}

/** Both files from the start, numbered by line; what is durable already is counted but not passed on. */
export async function* followOutput({ directory, from, watch, hasEnded, signal }: Follow): AsyncGenerator<LogBatch> {
  const wake = () => watch.wake()
  signal.addEventListener('abort', wake)
  const readers: FileReader[] = []
  try {
    for (const stream of ['stdout', 'stderr'] as const) readers.push(await FileReader.open(directory, stream, from[stream]))
    while (!signal.aborted) {
      // Both asked before the reads: what is written later is seen by the next round.
      const changes = watch.changes('output')
      const ended = hasEnded()
      let progressed = false
      for (const reader of readers) {
        const { bytes, lines } = await reader.read()
        progressed ||= bytes > 0
        yield* batches(reader.stream, lines)
      }
      if (progressed) continue
      if (ended) {
        for (const reader of readers) yield* batches(reader.stream, reader.flush())
        return
      }
      await watch.wait('output', changes, 500)
    }
  } finally {
    signal.removeEventListener('abort', wake)
    await Promise.all(readers.map((reader) => reader.close()))
  }
}

class FileReader {
  readonly stream: LogBatch['stream']
  readonly #file: FileHandle
  readonly #lines = new LineReader()
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  readonly #durableSeq: number
  #seq = 0
  #position = 0

  static async open(directory: string, stream: LogBatch['stream'], durableSeq: number): Promise<FileReader> {
    return new FileReader(await open(join(directory, stream)), stream, durableSeq)
  }

  private constructor(file: FileHandle, stream: LogBatch['stream'], durableSeq: number) {
    this.#file = file
    this.stream = stream
    this.#durableSeq = durableSeq
  }

  async read(): Promise<{ bytes: number; lines: LogLine[] }> {
    const { bytesRead } = await this.#file.read(this.#buffer, 0, CHUNK_BYTES, this.#position)
    this.#position += bytesRead
    return { bytes: bytesRead, lines: this.#number(this.#lines.push(this.#buffer.subarray(0, bytesRead))) }
  }

  flush(): LogLine[] {
    const last = this.#lines.flush()
    return last === null ? [] : this.#number([last])
  }

  #number(texts: readonly string[]): LogLine[] {
    const at = Date.now()
    const lines: LogLine[] = []
    for (const text of texts) {
      this.#seq += 1
      if (this.#seq > this.#durableSeq) lines.push({ seq: this.#seq, at, text })
    }
    return lines
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}
