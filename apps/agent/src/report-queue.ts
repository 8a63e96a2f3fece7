import type { RunStatus } from '@towline/contract/frames'
import type { Logger } from '@towline/service/logger'
import { type AttemptSpool, isEnd, type Report } from './attempt-spool.ts'

type QueueOptions = {
  spool: AttemptSpool
  send(report: Report): boolean
  now(): number
  onAcknowledged(): void
  /** It is in the spool's record, and not on disk. */
  onUnwritten(error: unknown): void
  log: Logger
}

const RETRY_MS = 1000

/**
 * The status reports of one attempt: on disk first, then sent, one at a time and in order, until acknowledged. One at a time, because the
 * control plane may fail to take one report and take the next: `exited` must never overtake `started`.
 */
export class ReportQueue {
  private held = false
  private timer: NodeJS.Timeout | null = null
  private written = new Set<string>()

  constructor(private readonly options: QueueOptions) {
    // What was read from disk is on disk.
    for (const report of options.spool.record.reports) this.written.add(report.reportId)
  }

  isEmpty(): boolean {
    return this.options.spool.record.reports.length === 0
  }

  async add(status: RunStatus): Promise<void> {
    const { spool } = this.options
    const { record, ref } = spool
    const report: Report = {
      type: 'run.status.v1',
      reportId: `${ref.runId}.${ref.attempt}.${record.reportCount + 1}`,
      ...ref,
      at: this.options.now(),
      status,
    }
    try {
      await spool.append({ k: 'report', report }, { sync: isEnd(report) })
    } catch (error) {
      // A full disk must not silence the agent: the report is in memory and goes out all the same.
      this.options.onUnwritten(error)
    }
    this.written.add(report.reportId)
    this.sendNext()
  }

  /** The report of the end waits until the output before it has arrived. */
  hold(): void {
    this.held = true
  }

  release(): void {
    this.held = false
    this.sendNext()
  }

  /** Sends the oldest again: after a reconnect. */
  sendNext(): void {
    const [report] = this.options.spool.record.reports
    if (!report || !this.written.has(report.reportId) || (this.held && isEnd(report))) return
    this.options.send(report)
  }

  acknowledge(reportId: string): void {
    const { spool, onUnwritten } = this.options
    if (!spool.record.reports.some((report) => report.reportId === reportId)) return
    this.written.delete(reportId)
    spool.append({ k: 'acked', reportId }).catch(onUnwritten)
    this.sendNext()
    this.options.onAcknowledged()
  }

  refused(reportId: string, retry: boolean, message: string): void {
    if (!retry) {
      this.options.log.error({ reportId, message }, 'The control plane refused a report for good: it is dropped')
      this.acknowledge(reportId)
      return
    }
    this.timer ??= setTimeout(() => {
      this.timer = null
      this.sendNext()
    }, RETRY_MS)
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer)
  }
}
