import { type AgentFrame, type AttemptRef, type FrameOf, type GatewayFrame, PROTOCOL_VERSION } from '@towline/contract/frames'
import type { PoolType } from '@towline/contract/run-spec'
import type { Launcher } from '@towline/launchers/launcher'
import type { Logger } from '@towline/service/logger'
import { Attempt, type AttemptHost } from './attempt.ts'
import { AttemptSpool, readSpools } from './attempt-spool.ts'
import { createBundleStore } from './bundle-store.ts'
import { Connection } from './connection.ts'
import type { DataDir, Identity } from './data-dir.ts'
import { DiskWatch } from './disk-watch.ts'
import { EngineWatch } from './engine-watch.ts'
import { hostFacts, loadOf } from './host-facts.ts'
import type { LinkEnd, Ready } from './link.ts'
import { type AgentOptions, VERSION } from './options.ts'
import { runApiAddress } from './run-env.ts'

export type AgentSettings = Pick<AgentOptions, 'url' | 'key' | 'name' | 'capacity' | 'runApiUrl'> & {
  dataDir: DataDir
  log: Logger
  createLauncher(poolType: PoolType, agentId: string): Promise<Launcher>
  now?: () => number
  retryBaseMs?: number
  engineCheckMs?: number
}

/** The agent cannot do what its pool asks for; the text names the remedy. */
export class LauncherError extends Error {
  override readonly name = 'LauncherError'
}

export const keyOf = ({ runId, attempt }: AttemptRef): string => `${runId}.${attempt}`

/** Beats without any word of the gateway after which the connection counts as dead. */
const SILENT_BEATS = 3
/** After the last run ended during a drain: how long its reports may take. They stay on disk anyway. */
const LAST_REPORTS_MS = 10_000

/**
 * The agent: one connection, and the attempts that it holds. Modes: serving -> draining (no new runs) -> ended. What an attempt does is its
 * own (Attempt); here is who gets which frame, the credit, the heartbeats, and the way out.
 */
export class Agent {
  draining = false
  private readonly attempts = new Map<string, Attempt>()
  /** Reports on attempts that this agent knows nothing of: asked for anew after a restart, so memory will do. */
  private readonly orphanReports = new Map<string, AgentFrame>()
  private readonly connection: Connection
  private readonly now: () => number
  private readonly engine: EngineWatch
  private readonly disk: DiskWatch
  private launcher: Launcher | null = null
  private host: AttemptHost | null = null
  private ready: Ready | null = null
  private pulled: number | null = null
  private pullScheduled = false
  private heartbeat: NodeJS.Timeout | null = null
  private waiters: (() => void)[] = []
  private fatal: Error | null = null

  constructor(private readonly settings: AgentSettings) {
    this.now = settings.now ?? Date.now
    const { url, key, log, retryBaseMs, engineCheckMs: checkMs } = settings
    this.engine = new EngineWatch({ log, onChange: () => this.pull(), ...(checkMs && { checkMs }) })
    this.disk = new DiskWatch({ folder: settings.dataDir.path, log, onChange: () => this.pull(), ...(checkMs && { checkMs }) })
    this.connection = new Connection({
      url,
      key,
      log,
      ...(retryBaseMs && { retryBaseMs }),
      hello: () => this.hello(),
      onReady: (ready) => void this.welcome(ready),
      onFrame: (frame) => this.route(frame),
      onDown: () => this.down(),
    })
  }

  /** Takes over what an earlier process left. Before run(), so that nothing is missing in the first hello. */
  async restore(): Promise<void> {
    const { identity } = this.settings.dataDir
    if (!identity) return
    const spools = await readSpools(this.settings.dataDir.spoolDir)
    await this.prepare(identity.poolType, identity.agentId)
    const jobs = new Map((await this.launcher?.list())?.map((job) => [keyOf(job.ref), job]))
    for (const spool of spools) {
      this.adopt(spool).restore(jobs.get(keyOf(spool.ref)))
      jobs.delete(keyOf(spool.ref))
    }
    for (const job of jobs.values()) this.adopt(new AttemptSpool(this.settings.dataDir.spoolDir, job.ref)).restore(job)
    if (this.attempts.size > 0) this.settings.log.info({ attempts: this.attempts.size }, 'Took over the runs of the agent before')
  }

  /** Resolves when drained or stopped (null), or with a final refusal. Throws LauncherError. */
  async run(): Promise<LinkEnd | null> {
    const refusal = await this.connection.run()
    if (this.fatal) throw this.fatal
    return refusal
  }

  /** Null: connected, pulling. Else why not. */
  unhealthy(): string | null {
    if (this.draining) return 'draining'
    if (!this.connection.isReady()) return `not connected: ${this.connection.problem}`
    const problem = this.engine.problem ?? this.disk.problem
    if (problem !== null) return problem
    if (!this.ready || this.pulled === null) return 'connected, not pulling yet'
    return null
  }

  counts(): Record<'assigned' | 'launching' | 'running' | 'ended', number> {
    const counts = { assigned: 0, launching: 0, running: 0, ended: 0 }
    for (const attempt of this.attempts.values()) counts[attempt.phase] += 1
    return counts
  }

  /** No new runs; what has not started is handed back; resolves when all runs have ended and their reports have arrived. */
  async drain(reason: string): Promise<void> {
    this.settings.log.info({ reason, running: this.used() }, 'Draining: no new runs are taken')
    this.draining = true
    for (const attempt of this.attempts.values()) attempt.handBack('The agent is draining')
    this.pull()
    this.beat()
    while (this.used() > 0) await this.change()
    await this.delivered(LAST_REPORTS_MS)
  }

  /** Kills everything that runs; resolves when that was reported, or after a moment. */
  async kill(): Promise<void> {
    this.draining = true
    for (const attempt of this.attempts.values()) attempt.kill()
    await this.delivered(5000)
  }

  /** Ends the runs of an agent that may not report any more: they are started elsewhere when their leases end. */
  async abandonRuns(): Promise<void> {
    this.draining = true
    for (const attempt of this.attempts.values()) attempt.fence()
    const end = Date.now() + LAST_REPORTS_MS
    while (this.used() > 0 && Date.now() < end) await Promise.race([this.change(), later(200)])
  }

  /** Runs go on; what is owed is on disk. */
  async stop(): Promise<void> {
    if (this.heartbeat) clearInterval(this.heartbeat)
    this.engine.stop()
    this.disk.stop()
    await Promise.all([...this.attempts.values()].map((attempt) => attempt.suspend()))
    this.connection.stop()
  }

  private async delivered(ms: number): Promise<void> {
    const end = Date.now() + ms
    while (this.attempts.size + this.orphanReports.size > 0 && Date.now() < end) await Promise.race([this.change(), later(100)])
  }

  private hello(): AgentFrame {
    const { name, capacity, dataDir } = this.settings
    return {
      type: 'agent.hello.v1',
      protocol: PROTOCOL_VERSION,
      ...(dataDir.identity && { agentId: dataDir.identity.agentId }),
      name,
      version: VERSION,
      host: hostFacts(),
      capacity,
      capabilities: ['bundle', 'image', 'command'],
      clock: this.now(),
      inventory: [...this.attempts.values()].map(({ ref, phase }) => ({ ...ref, phase })),
    }
  }

  private async welcome(ready: Ready): Promise<void> {
    const { dataDir, log } = this.settings
    this.ready = ready
    this.pulled = null
    try {
      await this.prepare(ready.pool.type, ready.agentId)
    } catch (error) {
      this.fatal = error instanceof Error ? error : new Error(String(error))
      return this.connection.stop()
    }
    if (this.ready !== ready) return
    if (dataDir.identity?.agentId !== ready.agentId || dataDir.identity.poolId !== ready.pool.id) {
      dataDir.identity = { agentId: ready.agentId, poolId: ready.pool.id, poolType: ready.pool.type }
      this.remember(dataDir.identity)
    }
    log.info(
      { pool: ready.pool.name, type: ready.pool.type, agentId: ready.agentId, capacity: this.settings.capacity },
      `Connected as ${ready.agentName}`,
    )
    if (ready.pool.paused) log.info({ pool: ready.pool.name }, 'The pool is paused: no runs will come until it is resumed')

    this.fence(ready.stale)
    const stale = new Set(ready.stale.map(keyOf))
    for (const ref of ready.expected)
      if (!this.attempts.has(keyOf(ref))) this.reportOrphan(ref, { kind: 'lost', note: 'The agent does not know this run' })
    for (const { graceSeconds, ...ref } of ready.cancelling) this.cancel(ref, graceSeconds)
    for (const report of this.orphanReports.values()) this.connection.send(report)
    for (const [key, attempt] of this.attempts) if (!stale.has(key)) attempt.welcome()
    this.startBeating(ready.heartbeatSeconds)
    this.pull()
  }

  /** Without it the agent that is started next is a new one, so it is kept trying. */
  private remember(identity: Identity): void {
    const mend = async (): Promise<void> => this.settings.dataDir.remember(identity)
    mend().catch((error: unknown) => this.disk.note(error, { mend }))
  }

  /** Makes the launcher of the pool's type, once it is known. */
  private async prepare(poolType: PoolType, agentId: string): Promise<void> {
    const { settings } = this
    if (this.launcher && this.host && this.launcher.poolType === poolType && this.host.agentId === agentId) return
    if (this.attempts.size > 0)
      throw new LauncherError(
        `The key belongs to another ${poolType} pool, but runs of the old one are still here. Use another --data-dir.`,
      )
    const launcher = await settings.createLauncher(poolType, agentId)
    const checked = await launcher.check()
    if (!checked.ok) throw new LauncherError(`This agent cannot launch ${poolType} runs: ${checked.reason}`)
    settings.log.debug({ facts: checked.facts }, `The ${poolType} launcher is ready`)
    this.launcher = launcher
    this.host = {
      agentId,
      launcher,
      bundles: createBundleStore({ folder: settings.dataDir.bundleDir, url: settings.url }),
      log: settings.log,
      now: this.now,
      runApiUrl: () => settings.runApiUrl ?? runApiAddress(this.ready?.runApiUrl, settings.url),
      send: (frame) => this.connection.send(frame),
      onUnwritten: (error, spool) => this.disk.note(error, spool),
      onLaunchFailure: (failure) => this.engine.note(failure, launcher),
      onEnded: () => {
        this.pull()
        this.changed()
      },
      onForgotten: (attempt) => {
        this.attempts.delete(keyOf(attempt.ref))
        this.pull()
        this.changed()
      },
    }
  }

  private adopt(spool: AttemptSpool): Attempt {
    if (!this.host) throw new Error('There is no launcher yet')
    const attempt = new Attempt(this.host, spool)
    this.attempts.set(keyOf(spool.ref), attempt)
    return attempt
  }

  private down(): void {
    this.ready = null
    this.pulled = null
    if (this.heartbeat) clearInterval(this.heartbeat)
    this.heartbeat = null
  }

  private route(frame: GatewayFrame): void {
    switch (frame.type) {
      case 'run.assigned.v1':
        this.assigned(frame)
        break
      case 'run.confirmed.v1':
        for (const ref of frame.ok) this.attempts.get(keyOf(ref))?.confirmed()
        this.fence(frame.stale)
        break
      case 'run.status-ack.v1':
        for (const reportId of frame.reportIds) this.reportAcknowledged(reportId)
        break
      case 'run.logs-ack.v1':
        if (frame.stream !== 'log') this.attempts.get(keyOf(frame))?.onLogsAcknowledged(frame.stream, frame.seq)
        break
      case 'agent.heartbeat-ack.v1':
        this.fence(frame.stale)
        break
      case 'run.cancel.v1':
        this.cancel(frame, frame.graceSeconds)
        break
      case 'pool.changed.v1':
        this.settings.log.info({ pool: frame.pool.name }, frame.pool.paused ? 'The pool was paused' : 'The pool changed')
        if (this.ready) this.ready = { ...this.ready, pool: frame.pool }
        break
      case 'agent.drain.v1':
        void this.drain(frame.reason).then(() => this.stop())
        break
      case 'frame.error.v1':
        this.refused(frame)
        break
    }
  }

  private assigned({ runs }: FrameOf<GatewayFrame, 'run.assigned.v1'>): void {
    const confirm: AttemptRef[] = []
    for (const { spec, token } of runs) {
      const ref = { runId: spec.runId, attempt: spec.attempt }
      if (this.pulled !== null && this.pulled > 0) this.pulled -= 1
      if (this.attempts.has(keyOf(ref))) {
        confirm.push(ref)
      } else if (this.draining || this.used() >= this.settings.capacity) {
        this.reportOrphan(ref, { kind: 'released', note: this.draining ? 'The agent is draining' : 'The agent is full' })
      } else {
        const attempt = this.adopt(new AttemptSpool(this.settings.dataDir.spoolDir, ref))
        attempt.spool.append({ k: 'assigned', spec, token }).catch((error: unknown) => this.disk.note(error, attempt.spool))
        confirm.push(ref)
      }
    }
    if (confirm.length > 0) this.connection.send({ type: 'run.confirm.v1', runs: confirm })
    this.pull()
  }

  private cancel(ref: AttemptRef, graceSeconds: number): void {
    const attempt = this.attempts.get(keyOf(ref))
    if (attempt) attempt.cancel(graceSeconds)
    // Nothing of it is here, so there is nothing to stop: that is the confirmation.
    else this.reportOrphan(ref, { kind: 'exited', exit: { exitCode: null, signal: null, outOfMemory: false }, cause: 'cancel' })
  }

  private fence(refs: readonly AttemptRef[]): void {
    for (const ref of refs) this.attempts.get(keyOf(ref))?.fence()
  }

  private reportOrphan(ref: AttemptRef, status: FrameOf<AgentFrame, 'run.status.v1'>['status']): void {
    const { runId, attempt } = ref
    const reportId = `${keyOf(ref)}.${status.kind}`
    const report: AgentFrame = { type: 'run.status.v1', reportId, runId, attempt, at: this.now(), status }
    this.orphanReports.set(reportId, report)
    this.connection.send(report)
  }

  private attemptOfReport(reportId: string): Attempt | undefined {
    return this.attempts.get(reportId.slice(0, reportId.lastIndexOf('.')))
  }

  private reportAcknowledged(reportId: string): void {
    if (this.orphanReports.delete(reportId)) this.changed()
    else this.attemptOfReport(reportId)?.onReportAcknowledged(reportId)
  }

  private refused({ of, reportId, runs, stream, retry, message, code }: FrameOf<GatewayFrame, 'frame.error.v1'>): void {
    this.settings.log.warn({ of, code, message, reportId, retry }, 'The gateway refused a frame')
    if (reportId !== undefined) {
      const report = this.orphanReports.get(reportId)
      if (report && !retry) this.orphanReports.delete(reportId)
      else if (report) void later(1000).then(() => this.orphanReports.has(reportId) && this.connection.send(report))
      else this.attemptOfReport(reportId)?.onReportRefused(reportId, retry, message)
    } else if (of === 'run.logs.v1' && stream && stream !== 'log') {
      for (const ref of runs ?? []) this.attempts.get(keyOf(ref))?.onLogsRefused(stream, retry)
    } else if (of === 'run.confirm.v1') {
      for (const ref of runs ?? []) void later(1000).then(() => this.attempts.get(keyOf(ref))?.welcome())
    }
  }

  /** Attempts that take up room. */
  private used(): number {
    const { assigned, launching, running } = this.counts()
    return assigned + launching + running
  }

  /** Says how many more runs there is room for, when the gateway does not know it yet. Several changes in one turn are one frame. */
  private pull(): void {
    if (this.pullScheduled) return
    this.pullScheduled = true
    setImmediate(() => {
      this.pullScheduled = false
      const credits =
        this.draining || (this.engine.problem ?? this.disk.problem) !== null ? 0 : Math.max(0, this.settings.capacity - this.used())
      if (!this.ready || credits === this.pulled) return
      if (this.connection.send({ type: 'run.pull.v1', credits })) this.pulled = credits
    })
  }

  private startBeating(seconds: number): void {
    if (this.heartbeat) clearInterval(this.heartbeat)
    this.heartbeat = setInterval(() => {
      if (Date.now() - this.connection.lastHeardAt() > SILENT_BEATS * seconds * 1000) this.connection.abandon('the gateway is silent')
      else this.beat()
    }, seconds * 1000)
    this.beat()
  }

  private beat(): void {
    const runs = [...this.attempts.values()].filter(({ phase }) => phase !== 'ended').map(({ ref }) => ref)
    this.connection.send({ type: 'agent.heartbeat.v1', runs, load: loadOf(this.used()), draining: this.draining, clock: this.now() })
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve))
  }

  private changed(): void {
    for (const resolve of this.waiters.splice(0)) resolve()
  }
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())
