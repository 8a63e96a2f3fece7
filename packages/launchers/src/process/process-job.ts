import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { AttemptRef } from '@towline/contract/frames'
import { type Infrastructure, RUN_ENV } from '@towline/contract/run-spec'
import { exitOfCode } from '../exit-of-code.ts'
import type { LogBatch, RunExit, RunningJob } from '../launcher.ts'
import { type AttemptRecord, isCode, readExit, readOptional } from './attempt-directory.ts'
import { DirectoryWatch } from './directory-watch.ts'
import { followOutput } from './follow-output.ts'
import { diedOfMemory } from './out-of-memory.ts'
import { groupMembers, type Identity, isAlive, parsePidFile, processesWithEnvironment } from './process-identity.ts'

/** How long a wrapper may take from its spawn to its first line before an adopting agent calls the start off. */
const START_ALLOWANCE_MS = 3000
const LIVENESS_POLL_MS = 1000

type ProcessJobOptions = { directory: string; record: AttemptRecord; onRemoved: () => void }

/** starting (no `pid` file) -> running -> ended -> removed. A job of an earlier agent begins wherever its files say. */
export class ProcessJob implements RunningJob {
  readonly ref: AttemptRef
  readonly infrastructure: Infrastructure
  readonly exited: Promise<RunExit>
  readonly #directory: string
  readonly #record: AttemptRecord
  readonly #watch: DirectoryWatch
  readonly #onRemoved: () => void
  #identity: Identity | null = null
  #ended = false

  constructor({ directory, record, onRemoved }: ProcessJobOptions) {
    this.ref = { runId: record.runId, attempt: record.attempt }
    this.infrastructure = record.infrastructure
    this.#directory = directory
    this.#record = record
    this.#onRemoved = onRemoved
    this.#watch = new DirectoryWatch(directory)
    this.exited = this.#waitForExit()
  }

  /** The agent that spawned the wrapper learns of its end from the operating system; says so here instead of waiting for a poll. */
  noticeChange(): void {
    this.#watch.wake()
  }

  logs(from: { stdout: number; stderr: number }, signal: AbortSignal): AsyncIterable<LogBatch> {
    return followOutput({ directory: this.#directory, from, watch: this.#watch, hasEnded: () => this.#ended, signal })
  }

  async stop({ graceSeconds }: { graceSeconds: number }): Promise<void> {
    const identity = await this.#started()
    if (identity === null) return
    await this.#signalGroup(identity, 'SIGTERM')
    if (!(await this.#endsWithin(graceSeconds * 1000))) {
      await writeFile(join(this.#directory, 'killed'), '').catch(() => undefined)
      await this.#killGroup(identity)
    }
    await this.exited
    await this.#killLeftOvers(identity)
  }

  async remove(): Promise<void> {
    const identity = await this.#started()
    if (identity !== null) await this.#killGroup(identity)
    await this.exited
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 3 })
    this.#watch.close()
    this.#onRemoved()
  }

  async #waitForExit(): Promise<RunExit> {
    const identity = await this.#started()
    for (;;) {
      const changes = this.#watch.changes('state')
      // A machine that is out of file handles for a moment has not lost the run: look again.
      const outcome = await this.#lookForExit(identity).catch(() => null)
      if (outcome !== null) {
        this.#ended = true
        this.#watch.wake()
        return outcome
      }
      await this.#watch.wait('state', changes, LIVENESS_POLL_MS)
    }
  }

  async #lookForExit(identity: Identity | null): Promise<RunExit | null> {
    // Asked before the file is read: a wrapper that dies in between has written it.
    const alive = identity !== null && (await isAlive(identity))
    const exit = await readExit(this.#directory)
    return exit === null && alive ? null : await this.#outcome(exit, identity)
  }

  async #outcome(exit: { code: number; endedAt: number } | null, identity: Identity | null): Promise<RunExit> {
    if (exit !== null) {
      const how = exitOfCode(exit.code)
      return { ...how, outOfMemory: await diedOfMemory(how, this.#directory, this.#record.oomKills), endedAt: exit.endedAt }
    }
    // The wrapper is dead without a word, so nothing may be left of the command either.
    if (identity !== null) await this.#killGroup(identity)
    const killed = (await readOptional(join(this.#directory, 'killed'))) !== null
    return { exitCode: null, signal: killed ? 'SIGKILL' : null, outOfMemory: false, endedAt: Date.now() }
  }

  /** The wrapper's identity; null when it never started and, from now on, never can. */
  async #started(): Promise<Identity | null> {
    while (this.#identity === null) {
      const changes = this.#watch.changes('state')
      const text = await readOptional(join(this.#directory, 'pid'))
      this.#identity = text === null ? null : parsePidFile(text)
      if (this.#identity !== null) break
      if (text === NEVER) return null
      if (Date.now() - this.#record.createdAt > START_ALLOWANCE_MS && (await this.#callOff(text))) return null
      await this.#watch.wait('state', changes, 50)
    }
    return this.#identity
  }

  /** Takes the file that the wrapper must create. An incomplete one that old is of a wrapper that died over it. */
  async #callOff(text: string | null): Promise<boolean> {
    if (text !== null) return true
    try {
      await writeFile(join(this.#directory, 'pid'), NEVER, { flag: 'wx' })
      return true
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false
      if (isCode(error, 'ENOENT')) return true
      throw error
    }
  }

  async #endsWithin(milliseconds: number): Promise<boolean> {
    const timer = new AbortController()
    const late = setTimeout(milliseconds, false, { signal: timer.signal }).catch(() => false)
    const ended = await Promise.race([this.exited.then(() => true), late])
    timer.abort()
    return ended
  }

  async #signalGroup(identity: Identity, signal: NodeJS.Signals): Promise<void> {
    if ((await groupMembers(identity)).length > 0) send(-identity.pid, signal)
  }

  /** Until none is left: a member may fork between the look and the signal. */
  async #killGroup(identity: Identity): Promise<void> {
    for (let pauseMs = 5; groupMayExist(identity.pid) && (await groupMembers(identity)).length > 0; pauseMs = Math.min(pauseMs * 2, 1000)) {
      send(-identity.pid, 'SIGKILL')
      await setTimeout(pauseMs)
    }
  }

  /** Daemons that left the group, but still carry the attempt's variables. */
  async #killLeftOvers(identity: Identity): Promise<void> {
    await this.#killGroup(identity)
    const marks = [`${RUN_ENV.runId}=${this.ref.runId}`, `${RUN_ENV.attempt}=${this.ref.attempt}`]
    for (const pid of await processesWithEnvironment(marks)) send(pid, 'SIGKILL')
  }
}

const NEVER = 'never\n'

/** One system call, where looking at every process costs milliseconds. */
const groupMayExist = (group: number): boolean => {
  try {
    process.kill(-group, 0)
    return true
  } catch (error) {
    return !isCode(error, 'ESRCH')
  }
}

const send = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!isCode(error, 'ESRCH')) throw error
  }
}
