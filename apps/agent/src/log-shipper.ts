import { type AgentFrame, type AttemptRef, type LogLine, MAX_LOG_LINE_CHARS } from '@towline/contract/frames'
import type { RunningJob } from '@towline/launchers/launcher'
import type { Logger } from '@towline/service/logger'

type Stream = 'stdout' | 'stderr'
type Batch = { stream: Stream; lines: LogLine[]; bytes: number }

type ShipperOptions = {
  ref: AttemptRef
  /** Last sequence of each stream that the control plane has. */
  from: Record<Stream, number>
  /** False: not connected now. */
  send(frame: AgentFrame): boolean
  onDurable(stream: Stream, seq: number): void
  log: Logger
}

const BATCH_BYTES = 256 * 1024
const BATCH_LINES = 1000
const BATCH_MS = 200
/** What may be unacknowledged before reading stops: the output itself waits on the launcher's disk, not here. */
const WINDOW_BYTES = 1024 * 1024
const RETRY_MS = 1000
const READ_TRIES = 10

/**
 * Carries the output of one attempt to the control plane: read from the launcher with its sequence numbers, sent in batches, kept until
 * acknowledged, sent again after a reconnect. A number is stored once there, so sending again cannot double a line.
 */
export class LogShipper {
  private readonly cursor: Record<Stream, number>
  private readonly unacked: Batch[] = []
  private unackedBytes = 0
  private readonly open: Record<Stream, Batch | null> = { stdout: null, stderr: null }
  private timer: NodeJS.Timeout | null = null
  private retryTimer: NodeJS.Timeout | null = null
  private sourceEnded = false
  private readonly stopping = new AbortController()
  private waiters: (() => void)[] = []

  constructor(private readonly options: ShipperOptions) {
    this.cursor = { ...options.from }
  }

  /** Resolves when everything was read and acknowledged, or after stop(). */
  async run(job: RunningJob): Promise<void> {
    await this.read(job)
    this.sourceEnded = true
    this.cutAll()
    while (this.unacked.length > 0 && !this.stopping.signal.aborted) await this.change()
  }

  isDone(): boolean {
    return this.sourceEnded && this.unacked.length === 0
  }

  stop(): void {
    this.stopping.abort()
    if (this.timer) clearTimeout(this.timer)
    if (this.retryTimer) clearTimeout(this.retryTimer)
    this.changed()
  }

  /** After a reconnect, and when the control plane could not store them. */
  resend(): void {
    for (const batch of this.unacked) this.sendBatch(batch)
  }

  acknowledge(stream: Stream, seq: number): void {
    if (seq <= this.cursor[stream]) return
    this.cursor[stream] = seq
    for (let i = this.unacked.length - 1; i >= 0; i -= 1) {
      const batch = this.unacked[i]
      if (!batch || batch.stream !== stream || (batch.lines.at(-1)?.seq ?? 0) > seq) continue
      this.unacked.splice(i, 1)
      this.unackedBytes -= batch.bytes
    }
    this.options.onDurable(stream, seq)
    this.changed()
  }

  refused(stream: Stream, retry: boolean): void {
    if (!retry) {
      const last = this.unacked.find((batch) => batch.stream === stream)?.lines.at(-1)?.seq
      this.options.log.error({ ...this.options.ref, stream, seq: last }, 'The control plane refused log lines for good: they are dropped')
      if (last !== undefined) this.acknowledge(stream, last)
    } else if (!this.retryTimer) {
      this.retryTimer = setTimeout(() => {
        this.retryTimer = null
        this.resend()
      }, RETRY_MS)
    }
  }

  private async read(job: RunningJob): Promise<void> {
    const { signal } = this.stopping
    const readTo = { ...this.cursor }
    for (let attempt = 1; !signal.aborted && attempt <= READ_TRIES; attempt += 1) {
      try {
        for await (const { stream, lines } of job.logs({ ...readTo }, signal)) {
          attempt = 1
          for (const line of lines) {
            if (line.seq <= readTo[stream]) continue
            readTo[stream] = line.seq
            this.add(stream, line)
          }
          while (this.unackedBytes > WINDOW_BYTES && !signal.aborted) await this.change()
        }
        return
      } catch (error) {
        if (signal.aborted) return
        this.options.log.warn({ err: error, ...this.options.ref, attempt }, 'The output of a run could not be read')
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  private add(stream: Stream, line: LogLine): void {
    const clean = usable(line)
    this.open[stream] ??= { stream, lines: [], bytes: 0 }
    const batch = this.open[stream]
    batch.lines.push(clean)
    batch.bytes += clean.text.length + 60
    if (batch.bytes >= BATCH_BYTES || batch.lines.length >= BATCH_LINES) this.cut(stream)
    else this.timer ??= setTimeout(() => this.cutAll(), BATCH_MS)
  }

  private cutAll(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.cut('stdout')
    this.cut('stderr')
  }

  private cut(stream: Stream): void {
    const batch = this.open[stream]
    this.open[stream] = null
    if (!batch || this.stopping.signal.aborted) return
    this.unacked.push(batch)
    this.unackedBytes += batch.bytes
    this.sendBatch(batch)
  }

  private sendBatch({ stream, lines }: Batch): void {
    this.options.send({ type: 'run.logs.v1', ...this.options.ref, stream, lines })
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve))
  }

  private changed(): void {
    for (const resolve of this.waiters.splice(0)) resolve()
  }
}

/** PostgreSQL stores no NUL character, and a frame holds lines of bounded length. */
const usable = (line: LogLine): LogLine => {
  const text = line.text.includes('\0') ? line.text.replaceAll('\0', '\uFFFD') : line.text
  return text.length > MAX_LOG_LINE_CHARS
    ? { ...line, text: text.slice(0, MAX_LOG_LINE_CHARS) }
    : text === line.text
      ? line
      : { ...line, text }
}
