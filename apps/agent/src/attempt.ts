import type { AgentFrame, AttemptRef, FrameOf } from '@towline/contract/frames'
import { DEFAULT_GRACE_SECONDS, DEFAULT_START_TIMEOUT_SECONDS, type LaunchFailure, type RunSpec } from '@towline/contract/run-spec'
import { isLaunchError, LaunchError, type Launcher, type RunExit, type RunningJob } from '@towline/launchers/launcher'
import type { Logger } from '@towline/service/logger'
import type { AttemptSpool, StopCause } from './attempt-spool.ts'
import type { BundleStore } from './bundle-store.ts'
import { isDiskFull } from './disk-watch.ts'
import { LogShipper } from './log-shipper.ts'
import { ReportQueue } from './report-queue.ts'
import { runEnv } from './run-env.ts'

/** What an attempt needs of the agent that holds it. */
export type AttemptHost = {
  agentId: string
  launcher: Launcher
  bundles: BundleStore
  log: Logger
  runApiUrl(): string
  now(): number
  send(frame: AgentFrame): boolean
  onLaunchFailure(failure: LaunchFailure): void
  /** The disk refused something; the spool, where one is given, has it in memory. */
  onUnwritten(error: unknown, spool?: AttemptSpool): void
  /** Its process has ended: there is room for another run. */
  onEnded(attempt: Attempt): void
  /** Nothing is owed any more. */
  onForgotten(attempt: Attempt): void
}

export type Phase = FrameOf<AgentFrame, 'agent.hello.v1'>['inventory'][number]['phase']

const START_SLACK_SECONDS = 10
/** A fenced attempt may already run elsewhere. */
const FENCED_GRACE_SECONDS = 5
/** How long the report of an end waits for the last lines to arrive before it. */
const LAST_LINES_MS = 2000
const REMOVE_TRIES = 5

/**
 * One attempt at this agent. Phases: assigned (nothing may start) -> launching (confirmed) -> running -> ended (reports and output are
 * still on their way) -> forgotten. Every step is on disk before it shows outside, so a new process goes on from there.
 */
export class Attempt {
  phase: Phase = 'assigned'
  private job: RunningJob | null = null
  private shipper: LogShipper | null = null
  private readonly reports: ReportQueue
  private readonly aborting = new AbortController()
  private timeout: NodeJS.Timeout | null = null
  private forgotten = false
  private launchBegun = false
  private killed = false
  private unsavedCursors = false

  constructor(
    private readonly host: AttemptHost,
    readonly spool: AttemptSpool,
  ) {
    const { log, now } = host
    this.reports = new ReportQueue({
      spool,
      log,
      now,
      send: (report) => host.send(report),
      onAcknowledged: () => void this.forgetWhenDone(),
      onUnwritten: (error) => host.onUnwritten(error, spool),
    })
  }

  get ref(): AttemptRef {
    return this.spool.ref
  }

  private get spec(): RunSpec | null {
    return this.spool.record.assigned?.spec ?? null
  }

  /** Goes on from what an earlier process of this agent left: its file, and what the launcher still has. */
  restore(job: RunningJob | undefined): void {
    const { record } = this.spool
    if (record.ended || (!job && record.startedAt !== null)) {
      this.phase = 'ended'
      if (!record.ended) void this.reports.add({ kind: 'lost', note: 'It was gone when the agent started again' })
      if (job) void this.ship(job)
      this.job = job ?? null
      void this.forgetWhenDone()
    } else if (job) {
      void this.follow(job)
    } else {
      // Confirmed but not launched: whether it may still start is asked first, see welcome().
      this.phase = record.confirmed ? 'launching' : 'assigned'
    }
  }

  /** The gateway is ready and did not call this attempt stale: everything that is owed goes out again. */
  welcome(): void {
    this.reports.sendNext()
    this.shipper?.resend()
    if (this.phase === 'assigned') this.host.send({ type: 'run.confirm.v1', runs: [this.ref] })
    else if (this.phase === 'launching' && !this.launchBegun) void this.launch()
  }

  /** The lease is ours: only now may anything start. */
  confirmed(): void {
    if (this.phase !== 'assigned') return
    this.phase = 'launching'
    void this.launch()
  }

  /** It is not ours any more, or is over. Never started: forgotten at once; else it is killed, and its last words are offered. */
  fence(): void {
    if (this.phase === 'assigned' || (this.phase === 'launching' && !this.launchBegun)) void this.forget()
    else if (this.phase !== 'ended') this.end('fenced', FENCED_GRACE_SECONDS)
  }

  cancel(graceSeconds: number): void {
    if (this.phase === 'assigned')
      void this.finish({ kind: 'exited', exit: { exitCode: null, signal: null, outOfMemory: false }, cause: 'cancel' })
    else if (this.phase !== 'ended') this.end('cancel', graceSeconds)
  }

  /** Hands back what has not started. False: it has. */
  handBack(note: string): boolean {
    if (this.phase !== 'assigned') return false
    void this.finish({ kind: 'released', note })
    return true
  }

  /** Kills without waiting; the report says that the agent did so. */
  kill(): void {
    this.killed = true
    this.aborting.abort(new Error('The agent was told to stop at once'))
    void this.job?.stop({ graceSeconds: 0 })
  }

  onReportAcknowledged(reportId: string): void {
    this.reports.acknowledge(reportId)
  }

  onReportRefused(reportId: string, retry: boolean, message: string): void {
    this.reports.refused(reportId, retry, message)
  }

  onLogsAcknowledged(stream: 'stdout' | 'stderr', seq: number): void {
    this.shipper?.acknowledge(stream, seq)
  }

  onLogsRefused(stream: 'stdout' | 'stderr', retry: boolean): void {
    this.shipper?.refused(stream, retry)
  }

  /** For the end of the agent's process: what is owed stays on disk. */
  async suspend(): Promise<void> {
    this.forgotten = true
    if (this.timeout) clearTimeout(this.timeout)
    this.shipper?.stop()
    this.reports.stop()
    await this.spool.park()
  }

  private async launch(): Promise<void> {
    const { assigned } = this.spool.record
    if (!assigned) return void this.finish({ kind: 'lost', note: 'What was to be launched is not known any more' })
    this.launchBegun = true
    await this.append({ k: 'confirmed' })
    const job = await this.start(assigned.spec, assigned.token)
    if (job) await this.follow(job)
  }

  /** Null: it could not be started, and that was reported. */
  private async start(spec: RunSpec, token: string): Promise<RunningJob | null> {
    const { agentId, bundles, launcher, runApiUrl } = this.host
    const startTimeoutSeconds = spec.variables.startTimeoutSeconds ?? DEFAULT_START_TIMEOUT_SECONDS
    // The launcher keeps the time of its own work and says what took so long; this is the net under it, and bounds the download.
    const tooLate = AbortSignal.timeout((startTimeoutSeconds + START_SLACK_SECONDS) * 1000)
    const signal = AbortSignal.any([this.aborting.signal, tooLate])
    try {
      const bundlePath = spec.code.kind === 'bundle' ? await bundles.fetch({ ...spec.code, token }, signal) : null
      const env = runEnv(spec, { token, runApiUrl: runApiUrl(), poolType: launcher.poolType })
      const onLaunching = (note: string): void => this.noteLaunching(note)
      return await launcher.launch({ agentId, spec, env, bundlePath, startTimeoutSeconds }, { onLaunching }, signal)
    } catch (error) {
      await this.failedToLaunch(tooLate.aborted && !isLaunchError(error) ? startTimeout(startTimeoutSeconds) : error)
      return null
    }
  }

  private noteLaunching(note: string): void {
    // People read the newest note only: an unsent one is not worth a queue.
    if (this.phase === 'launching' && this.reports.isEmpty()) void this.reports.add({ kind: 'launching', note: note.slice(0, 500) })
  }

  private async failedToLaunch(error: unknown): Promise<void> {
    const { stopCause } = this.spool.record
    if (stopCause === 'fenced') return this.forget()
    if (stopCause === 'cancel')
      return this.finish({ kind: 'exited', exit: { exitCode: null, signal: null, outOfMemory: false }, cause: 'cancel' })
    if (this.killed) return this.finish({ kind: 'released', note: 'The agent was told to stop at once' })
    if (isDiskFull(error)) this.host.onUnwritten(error)
    const failure = isLaunchError(error) ? error.failure : unknownFailure(error)
    this.host.onLaunchFailure(failure)
    this.host.log.warn({ ...this.ref, reason: failure.reason, message: failure.message }, 'A run could not be launched')
    await this.finish({ kind: 'failed-to-launch', failure })
  }

  /** From here on there is a process or container: launched just now, or found after a restart. */
  private async follow(job: RunningJob): Promise<void> {
    const { record } = this.spool
    this.job = job
    this.phase = 'running'
    if (record.startedAt === null) {
      const at = this.host.now()
      await this.append({ k: 'started', at })
      await this.reports.add({ kind: 'started', infrastructure: job.infrastructure })
    }
    // It was to end before there was anything to stop.
    if (this.killed) void job.stop({ graceSeconds: 0 })
    else if (record.stopCause) void job.stop({ graceSeconds: record.stopCause === 'fenced' ? FENCED_GRACE_SECONDS : this.graceSeconds() })
    this.armTimeout(record.startedAt ?? this.host.now())
    const shipped = this.ship(job)
    const exit = await job.exited
    if (this.timeout) clearTimeout(this.timeout)
    if (this.forgotten) return
    // The report is on disk now; it leaves when the last lines have arrived, or after a moment.
    this.reports.hold()
    const ended = this.finish(this.statusOf(exit))
    await Promise.race([shipped, new Promise((resolve) => setTimeout(resolve, LAST_LINES_MS).unref())])
    this.reports.release()
    await ended
  }

  private statusOf({ endedAt: _, ...exit }: RunExit): Parameters<ReportQueue['add']>[0] {
    const { stopCause } = this.spool.record
    if (!stopCause && exit.exitCode === null && exit.signal === null)
      return { kind: 'lost', note: 'It is gone without a trace: the machine was restarted, or somebody removed it' }
    // Told to stop at once, the agent ended it itself: that is neither the run's doing nor somebody else's.
    const cause = stopCause === 'cancel' || stopCause === 'timeout' ? stopCause : this.killed ? 'cancel' : 'self'
    return { kind: 'exited', exit, cause, ...(this.job && { infrastructure: this.job.infrastructure }) }
  }

  private async finish(status: Parameters<ReportQueue['add']>[0]): Promise<void> {
    this.phase = 'ended'
    await this.reports.add(status)
    this.host.onEnded(this)
    await this.forgetWhenDone()
  }

  private armTimeout(startedAt: number): void {
    const seconds = this.spec?.timeoutSeconds
    if (!seconds) return
    const tick = (): void => {
      const left = startedAt + seconds * 1000 - this.host.now()
      if (left <= 0) {
        this.end('timeout', this.graceSeconds())
        return
      }
      // Longer waits than a timer can hold are waited for in parts.
      this.timeout = setTimeout(tick, Math.min(left, 2 ** 30))
    }
    tick()
  }

  private end(cause: StopCause, graceSeconds: number): void {
    if (!this.spool.record.stopCause) void this.append({ k: 'stop', cause })
    this.aborting.abort(new Error(`Stopped while launching (${cause})`))
    this.job
      ?.stop({ graceSeconds })
      .catch((error: unknown) => this.host.log.error({ err: error, ...this.ref }, 'A run could not be stopped'))
  }

  private graceSeconds(): number {
    return this.spec?.variables.graceSeconds ?? DEFAULT_GRACE_SECONDS
  }

  private async ship(job: RunningJob): Promise<void> {
    this.shipper = new LogShipper({
      ref: this.ref,
      from: this.spool.record.logs,
      send: this.host.send,
      log: this.host.log,
      onDurable: (stream, seq) => this.saveCursor(stream, seq),
    })
    await this.shipper.run(job)
    await this.forgetWhenDone()
  }

  /** At most one write a second: a lost cursor costs sending lines again, which changes nothing. */
  private saveCursor(stream: 'stdout' | 'stderr', seq: number): void {
    const { logs } = this.spool.record
    logs[stream] = Math.max(logs[stream], seq)
    if (this.unsavedCursors) return
    this.unsavedCursors = true
    setTimeout(() => {
      this.unsavedCursors = false
      if (this.forgotten) return
      for (const each of ['stdout', 'stderr'] as const) if (logs[each] > 0) void this.append({ k: 'logs', stream: each, seq: logs[each] })
    }, 1000).unref()
  }

  private async append(entry: Parameters<AttemptSpool['append']>[0]): Promise<void> {
    try {
      await this.spool.append(entry)
    } catch (error) {
      this.host.onUnwritten(error, this.spool)
    }
  }

  private async forgetWhenDone(): Promise<void> {
    if (this.phase !== 'ended' || !this.reports.isEmpty() || (this.shipper && !this.shipper.isDone())) return
    await this.forget()
  }

  private async forget(): Promise<void> {
    if (this.forgotten) return
    this.forgotten = true
    this.reports.stop()
    this.shipper?.stop()
    await this.removeJob()
    await this.spool.forget()
    this.host.onForgotten(this)
  }

  private async removeJob(): Promise<void> {
    for (let attempt = 1; this.job && attempt <= REMOVE_TRIES; attempt += 1) {
      try {
        await this.job.remove()
        return
      } catch (error) {
        this.host.log.warn({ err: error, ...this.ref, attempt }, 'What a run left behind could not be removed')
        await new Promise((resolve) => setTimeout(resolve, 1000 * attempt).unref())
      }
    }
  }
}

const unknownFailure = (error: unknown): LaunchFailure =>
  isDiskFull(error)
    ? { reason: 'Quota', message: 'The disk of the agent is full. Free some space on its machine.', evidence: String(error).slice(0, 8000) }
    : {
        reason: 'Unknown',
        message: 'The launcher failed in a way that it does not know.',
        evidence: String(error instanceof Error ? (error.stack ?? error.message) : error).slice(0, 8000),
      }

const startTimeout = (seconds: number): LaunchError =>
  new LaunchError({
    reason: 'StartTimeout',
    message: `It did not start within ${seconds} s.`,
    evidence: 'The code or the launcher took longer.',
  })
