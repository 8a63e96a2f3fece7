import { MAX_LOG_LINE_CHARS } from '@towline/contract/frames'

const NEWLINE = 10
const RETURN = 13
/** Enough bytes for the longest line that is kept, whatever its characters. */
const KEPT_BYTES = MAX_LOG_LINE_CHARS * 4

/**
 * Cuts a stream of bytes into lines, the same way every time the same bytes are read, however they are chunked: line numbers
 * are made from it. A carriage return inside a line starts it anew, as on a terminal (progress bars). Bytes that are not UTF-8
 * and NUL, which no text column takes, become U+FFFD. An endless line costs bounded memory.
 */
export class LineReader {
  #parts: Buffer[] = []
  #keptBytes = 0
  #totalBytes = 0
  #returnPending = false

  /** The lines that `chunk` completes. */
  push(chunk: Buffer): string[] {
    const lines: string[] = []
    let start = 0
    while (start < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, start)
      const end = newline === -1 ? chunk.length : newline
      this.#append(chunk.subarray(start, end))
      if (newline === -1) break
      lines.push(this.#take())
      start = newline + 1
    }
    return lines
  }

  /** The last line when it has no newline; null when there is none. */
  flush(): string | null {
    return this.#totalBytes === 0 ? null : this.#take()
  }

  #append(bytes: Buffer): void {
    if (bytes.length === 0) return
    const trailing = bytes[bytes.length - 1] === RETURN
    const body = trailing ? trimReturns(bytes) : bytes
    const lastReturn = body.lastIndexOf(RETURN)
    if (lastReturn !== -1 || (this.#returnPending && body.length > 0)) this.#reset()
    this.#keep(body.subarray(lastReturn + 1))
    this.#returnPending = trailing || (this.#returnPending && body.length === 0)
    // A line of returns alone is still a line.
    if (trailing && this.#totalBytes === 0) this.#totalBytes = 1
  }

  #keep(bytes: Buffer): void {
    const room = KEPT_BYTES - this.#keptBytes
    if (room > 0) {
      // A copy: the caller's buffer is reused for the next read.
      const kept = Buffer.from(bytes.subarray(0, room))
      this.#parts.push(kept)
      this.#keptBytes += kept.length
    }
    this.#totalBytes += bytes.length
  }

  #reset(): void {
    this.#parts = []
    this.#keptBytes = 0
    this.#totalBytes = 0
    this.#returnPending = false
  }

  #take(): string {
    const bytes = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts)
    const totalBytes = this.#totalBytes
    this.#reset()
    return textOf(bytes, totalBytes)
  }
}

const trimReturns = (bytes: Buffer): Buffer => {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === RETURN) end -= 1
  return bytes.subarray(0, end)
}

const textOf = (bytes: Buffer, totalBytes: number): string => {
  const text = bytes.toString('utf8').replaceAll('\0', '\uFFFD')
  if (text.length <= MAX_LOG_LINE_CHARS && totalBytes <= KEPT_BYTES) return text
  const note = ` … [line cut: ${totalBytes} bytes]`
  const cut = text.slice(0, MAX_LOG_LINE_CHARS - note.length)
  // Never half of a surrogate pair.
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}${note}`
}
