import type { Answer, Post } from './post.ts'
import { cleanText, MAX_BATCH, MAX_LOG_LINE_CHARS, MAX_REPORT_BYTES, type NewItem, type NewLine, type Sink, type Stop } from './wire.ts'

interface Entry {
  seq: number
  json: string
  bytes: number
  /** For stderr, should the line never reach the control plane. */
  text: string
}

interface ReporterOptions {
  post: Post
  onStop: (stop: Stop) => void
  now?: () => number
  random?: () => number
}

/** Room for two batches' worth of brackets and commas. */
const BATCH_BYTES = MAX_REPORT_BYTES - 64 * 1024
const MAX_BUFFER_BYTES = 16 * 1024 * 1024
/** Lines alone may wait a moment for company; states leave at once. */
const LINGER_MS = 40
const BACKOFF_MS = { first: 100, max: 5000 }

const isRetryable = (status: number): boolean => status >= 500 || status === 429 || status === 408
const STALE: Stop = { reason: 'stale', message: 'the control plane no longer takes reports of this attempt' }

/**
 * Carries items and log lines to the control plane. Modes: idle -> sending (one request under way; what comes meanwhile goes out
 * together in the next) -> waiting (the control plane is away; doubled pauses with jitter, for as long as the run lasts) -> sending;
 * `stopped` is final: the attempt is fenced or the token is dead, nothing is taken any more.
 * Numbers are contiguous, and entries are kept until they are acknowledged, so nothing is lost or doubled by a repeat.
 */
export class Reporter implements Sink {
  readonly #post: Post
  readonly #onStop: (stop: Stop) => void
  readonly #now: () => number
  readonly #random: () => number
  #items: Entry[] = []
  #logs: Entry[] = []
  #itemSeq = 0
  #logSeq = 0
  #bytes = 0
  #dropped = 0
  #failures = 0
  #lastProblem = ''
  #batchLimit = MAX_BATCH
  #mode: 'idle' | 'sending' | 'waiting' | 'stopped' = 'idle'
  #timer: NodeJS.Timeout | undefined
  #told = false
  #drained: (() => void)[] = []

  constructor({ post, onStop, now = Date.now, random = Math.random }: ReporterOptions) {
    this.#post = post
    this.#onStop = onStop
    this.#now = now
    this.#random = random
  }

  item(item: NewItem): void {
    if (this.#mode === 'stopped') return
    const seq = ++this.#itemSeq
    const json = JSON.stringify({ ...this.#bounded(item), seq, at: this.#now() })
    this.#items.push(this.#kept({ seq, json, text: '' }))
    this.#wake(0)
  }

  /** States are never dropped; what tasks returned is, before it fills the memory of the flow. */
  #bounded(item: NewItem): NewItem {
    if (item.kind !== 'task' || item.result === undefined || this.#bytes <= MAX_BUFFER_BYTES) return item
    return { ...item, result: undefined, notReusable: 'the control plane was away, and the buffer was full' }
  }

  log(line: NewLine): void {
    if (this.#mode === 'stopped') return
    if (this.#bytes > MAX_BUFFER_BYTES) {
      this.#dropped++
      return
    }
    if (this.#dropped > 0) {
      const text = `${this.#dropped} lines were dropped here: the control plane was away and the buffer was full`
      this.#dropped = 0
      this.#line({ level: 'warn', text })
    }
    this.#line(line)
    this.#wake(LINGER_MS)
  }

  get problem(): string {
    return this.#lastProblem
  }

  /** Resolves with true when everything is acknowledged, with false when the time is over or nothing is taken any more. */
  async flush(deadlineMs: number): Promise<boolean> {
    if (this.#isEmpty()) return true
    if (this.#mode === 'stopped') return false
    // Whoever waits at the end wants an answer now, not after a long pause.
    this.#failures = Math.min(this.#failures, 2)
    this.#wake(0)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadlineMs)
      this.#drained.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
    return this.#isEmpty()
  }

  /** Ends the reporting and hands back the lines that were never acknowledged. */
  close(): string[] {
    this.#stop()
    return this.#logs.map((entry) => entry.text)
  }

  #line(line: NewLine): void {
    const seq = ++this.#logSeq
    const text = cleanText(line.text, MAX_LOG_LINE_CHARS, ' … (cut)')
    const json = JSON.stringify({ ...line, text, seq, at: this.#now() })
    this.#logs.push(this.#kept({ seq, json, text: `${line.level ?? 'info'} ${line.task ? `${line.task} ` : ''}${text}` }))
  }

  #kept(entry: Omit<Entry, 'bytes'>): Entry {
    const bytes = Buffer.byteLength(entry.json) + 1
    this.#bytes += bytes
    return { ...entry, bytes }
  }

  #isEmpty(): boolean {
    return this.#items.length === 0 && this.#logs.length === 0
  }

  #stop(): void {
    this.#mode = 'stopped'
    clearTimeout(this.#timer)
    for (const resolve of this.#drained.splice(0)) resolve()
  }

  #wake(delayMs: number): void {
    if (this.#mode === 'idle') {
      if (delayMs === 0) {
        clearTimeout(this.#timer)
        this.#mode = 'sending'
        // The burst that the flow is just producing goes out in one request.
        setImmediate(() => void this.#send())
      } else {
        this.#timer ??= setTimeout(() => this.#wake(0), delayMs)
      }
    } else if (this.#mode === 'waiting' && delayMs === 0 && this.#drained.length > 0) {
      clearTimeout(this.#timer)
      this.#mode = 'sending'
      setImmediate(() => void this.#send())
    }
  }

  #batch(): string {
    let room = BATCH_BYTES
    const take = (entries: Entry[]): string => {
      const parts: string[] = []
      for (const entry of entries) {
        if (parts.length === this.#batchLimit || (room < entry.bytes && room < BATCH_BYTES)) break
        room -= entry.bytes
        parts.push(entry.json)
      }
      return parts.join(',')
    }
    return `{"items":[${take(this.#items)}],"logs":[${take(this.#logs)}]}`
  }

  async #send(): Promise<void> {
    this.#timer = undefined
    let answer: Answer | null = null
    try {
      answer = await this.#post(this.#batch())
    } catch (error) {
      this.#lastProblem = error instanceof Error ? error.message || error.name : String(error)
    }
    if (this.#mode === 'stopped') return
    if (answer?.status === 200) this.#acknowledge(answer.body)
    else if (answer === null || isRetryable(answer.status)) this.#wait(answer)
    else if (answer.status === 413 && this.#batchLimit > 1) this.#retryWith(Math.ceil(this.#batchLimit / 4))
    else this.#refused(answer)
  }

  #acknowledge(body: string): void {
    const { itemSeq, logSeq, stop } = JSON.parse(body) as { itemSeq: number; logSeq: number; stop: Stop | null }
    const before = this.#items.length + this.#logs.length
    this.#items = this.#release(this.#items, itemSeq)
    this.#logs = this.#release(this.#logs, logSeq)
    const progressed = this.#items.length + this.#logs.length < before
    if (stop && !this.#told) {
      this.#told = true
      this.#onStop(stop)
      if (stop.reason === 'stale') {
        this.#stop()
        return
      }
    }
    if (this.#isEmpty()) {
      this.#failures = 0
      this.#mode = 'idle'
      for (const resolve of this.#drained.splice(0)) resolve()
    } else if (progressed || before === 0) {
      this.#failures = 0
      this.#again()
    } else {
      this.#lastProblem = `the control plane acknowledged nothing new after item ${itemSeq} and line ${logSeq}`
      this.#wait(null)
    }
  }

  /** States that came meanwhile leave at once, lines alone gather for a moment. */
  #again(): void {
    this.#mode = 'idle'
    this.#wake(this.#items.length > 0 || this.#drained.length > 0 || this.#logs.length >= this.#batchLimit ? 0 : LINGER_MS)
  }

  #release(entries: Entry[], seq: number): Entry[] {
    const first = entries.findIndex((entry) => entry.seq > seq)
    const acknowledged = first < 0 ? entries.length : first
    for (let index = 0; index < acknowledged; index++) this.#bytes -= entries[index]?.bytes ?? 0
    return entries.slice(acknowledged)
  }

  #wait(answer: Answer | null): void {
    if (answer) this.#lastProblem = `the control plane answered ${answer.status}`
    const pause = Math.min(BACKOFF_MS.max, BACKOFF_MS.first * 2 ** this.#failures++)
    this.#mode = 'waiting'
    this.#timer = setTimeout(
      () => {
        this.#mode = 'sending'
        void this.#send()
      },
      pause * (0.75 + this.#random() * 0.5),
    )
  }

  #retryWith(limit: number): void {
    this.#batchLimit = limit
    this.#mode = 'idle'
    this.#wake(0)
  }

  #refused(answer: Answer): void {
    this.#lastProblem = `the control plane refused a report with ${answer.status}: ${answer.body.slice(0, 500)}`
    const isFenced = answer.status === 401 || answer.status === 403 || answer.status === 404 || answer.status === 409
    if (!this.#told) {
      this.#told = true
      this.#onStop(isFenced ? STALE : { reason: 'stale', message: this.#lastProblem })
    }
    this.#stop()
  }
}
