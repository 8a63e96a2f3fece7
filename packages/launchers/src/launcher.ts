import type { AttemptRef, Exit, LogLine } from '@towline/contract/frames'
import type { Infrastructure, LaunchFailure, PoolType, RunSpec } from '@towline/contract/run-spec'

/** The types of pools that have a launcher. */
export type LaunchPoolType = Exclude<PoolType, 'kubernetes'>

/** Everything that one attempt needs to start. */
export type LaunchJob = {
  /** Owner of what is launched: only the same agent lists and adopts it later. */
  agentId: string
  spec: RunSpec
  /** The complete environment of the run (RUN_ENV with the token, and the variables' `env`). */
  env: Record<string, string>
  /** The code bundle as a local file that was already verified; null unless `spec.code.kind` is `bundle`. */
  bundlePath: string | null
  startTimeoutSeconds: number
}

export type LaunchEvents = {
  /** What the launcher is doing, for people: "Pulling node:20-slim: 43 of 75 MB". Called at most about once a second. */
  onLaunching(note: string): void
}

export type RunExit = Exit & {
  /** Milliseconds since 1970, by the clock of the machine that ran it. */
  endedAt: number
}

export type LogBatch = { stream: 'stdout' | 'stderr'; lines: LogLine[] }

/**
 * One attempt that was started, by this process or by an earlier one. It is alive until `exited` resolves, and
 * listed until `remove()`; nothing else ends it: closing the agent leaves it running.
 */
export interface RunningJob {
  readonly ref: AttemptRef
  readonly infrastructure: Infrastructure
  /**
   * Resolves when it has ended; never rejects. `exitCode` and `signal` both null: it is gone without a trace (machine
   * rebooted, container removed by hand, or it was never started).
   */
  readonly exited: Promise<RunExit>
  /**
   * Lines after the sequence numbers that are durable already, following until the job has ended and all was read.
   * May be called again after a restart: the same number is the same text.
   */
  logs(from: { stdout: number; stderr: number }, signal: AbortSignal): AsyncIterable<LogBatch>
  /** SIGTERM to everything of the attempt, `graceSeconds`, SIGKILL. Resolves when it is dead. May be called more than once; the shorter grace wins. */
  stop(options: { graceSeconds: number }): Promise<void>
  /** Kills what may be left, and removes every trace. Afterwards it is not listed any more. */
  remove(): Promise<void>
}

export type LauncherCheck = { ok: true; facts: Infrastructure } | { ok: false; reason: string }

export interface Launcher {
  readonly poolType: LaunchPoolType
  /** Can it launch now? The reason names the remedy. */
  check(): Promise<LauncherCheck>
  /**
   * Starts the attempt, once: a second call with the same run and attempt, also from another process, returns the one that
   * exists. Throws LaunchError when it cannot be started, with nothing left behind; an aborted signal throws its reason.
   */
  launch(job: LaunchJob, events: LaunchEvents, signal: AbortSignal): Promise<RunningJob>
  /** Everything of this agent that runs, or has ended and was not removed. */
  list(): Promise<RunningJob[]>
}

/** The attempt could not be started: a typed reason, a sentence for people, and the infrastructure's own words. */
export class LaunchError extends Error {
  readonly failure: LaunchFailure

  constructor(failure: LaunchFailure, options: { cause?: unknown } = {}) {
    super(failure.message, options)
    this.name = 'LaunchError'
    this.failure = { reason: failure.reason, message: failure.message.slice(0, 2000), evidence: failure.evidence.slice(0, 8000) }
  }
}

export const isLaunchError = (error: unknown): error is LaunchError =>
  error instanceof Error && error.name === 'LaunchError' && 'failure' in error
