import { setTimeout } from 'node:timers/promises'
import type { AttemptRef } from '@towline/contract/frames'
import type { Infrastructure } from '@towline/contract/run-spec'
import type Docker from 'dockerode'
import { exitOfCode } from '../exit-of-code.ts'
import type { LogBatch, RunExit, RunningJob } from '../launcher.ts'
import { orAbort } from './engine.ts'
import { hasStatus } from './engine-failure.ts'
import { followContainer } from './follow-container.ts'
import { waitForContainer } from './wait-for-container.ts'

/** A wait that the network lost without a word is asked again this often. */
const WAIT_REFRESH_MS = 30_000
const MAX_PAUSE_MS = 5000
/** A request whose answer was lost in the middle never settles by itself. */
const ANSWER_TIMEOUT_MS = 60_000

type DockerJobOptions = { container: Docker.Container; ref: AttemptRef; infrastructure: Infrastructure; onRemoved: () => void }

/** A container that was started, by this agent process or an earlier one. The engine may come and go meanwhile. */
export class DockerJob implements RunningJob {
  readonly ref: AttemptRef
  readonly infrastructure: Infrastructure
  readonly exited: Promise<RunExit>
  readonly #container: Docker.Container
  readonly #onRemoved: () => void
  #ended = false
  #removed = false

  constructor({ container, ref, infrastructure, onRemoved }: DockerJobOptions) {
    this.ref = ref
    this.infrastructure = infrastructure
    this.#container = container
    this.#onRemoved = onRemoved
    this.exited = this.#waitForExit()
  }

  logs(from: { stdout: number; stderr: number }, signal: AbortSignal): AsyncIterable<LogBatch> {
    return followContainer({ container: this.#container, from, hasEnded: () => this.#ended, exited: this.exited, signal })
  }

  async stop({ graceSeconds }: { graceSeconds: number }): Promise<void> {
    if (graceSeconds > 0) {
      await this.#kill('SIGTERM')
      if (await this.#endsWithin(graceSeconds * 1000)) return
    }
    await this.#kill('SIGKILL')
    await this.exited
  }

  async remove(): Promise<void> {
    this.#removed = true
    await this.#untilAnswered(async () => {
      // `v`: anonymous volumes of the image go with it; named ones and binds stay.
      await this.#container.remove({ force: true, v: true })
    })
    await this.#untilGone()
    this.#onRemoved()
  }

  async #waitForExit(): Promise<RunExit> {
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      try {
        const exit = await this.#lookForExit()
        if (exit !== null) return this.#end(exit)
        await this.#waitOnce()
        pauseMs = 100
      } catch (error) {
        if (hasStatus(error, 404)) return this.#end({ exitCode: null, signal: null, outOfMemory: false, endedAt: Date.now() })
        // The engine is away or busy. The container may well be alive: nothing is concluded until the engine answers.
        await setTimeout(pauseMs)
      }
    }
  }

  #end(exit: RunExit): RunExit {
    this.#ended = true
    return exit
  }

  async #lookForExit(): Promise<RunExit | null> {
    const { State: state } = await this.#container.inspect({ abortSignal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
    if (state.Status === 'created') return { exitCode: null, signal: null, outOfMemory: false, endedAt: Date.now() }
    if (state.Running || state.Paused || state.Restarting) return null
    const how = exitOfCode(state.ExitCode)
    return { ...how, outOfMemory: state.OOMKilled && how.exitCode !== 0, endedAt: Date.parse(state.FinishedAt) || Date.now() }
  }

  async #waitOnce(): Promise<void> {
    const refresh = AbortSignal.timeout(WAIT_REFRESH_MS)
    await waitForContainer(this.#container, refresh).catch((error) => {
      if (!refresh.aborted) throw error
    })
  }

  async #kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#ended) return
    await this.#untilAnswered(async () => {
      await this.#container.kill({ signal })
    })
  }

  /** 404 and 409: gone, not running, or being removed already. */
  async #untilAnswered(ask: () => Promise<void>): Promise<void> {
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      try {
        return await orAbort(ask(), AbortSignal.timeout(ANSWER_TIMEOUT_MS))
      } catch (error) {
        if (hasStatus(error, 404, 409)) return
        await setTimeout(pauseMs)
      }
    }
  }

  /** "Removal is in progress" is not removed yet. */
  async #untilGone(): Promise<void> {
    for (let pauseMs = 20; this.#removed; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      try {
        await this.#container.inspect()
      } catch (error) {
        if (hasStatus(error, 404)) return
      }
      await setTimeout(pauseMs)
    }
  }

  async #endsWithin(milliseconds: number): Promise<boolean> {
    const timer = new AbortController()
    const late = setTimeout(milliseconds, false, { signal: timer.signal }).catch(() => false)
    const ended = await Promise.race([this.exited.then(() => true), late])
    timer.abort()
    return ended
  }
}
