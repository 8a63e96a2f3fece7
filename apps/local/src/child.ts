import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { backoffMs } from '@towline/service/backoff'

type ChildOptions = {
  name: string
  /** Arguments of node: the file and its options. */
  args: string[]
  cwd: string
  env: NodeJS.ProcessEnv
  root: string
  logDir: string
  /** Each spawned pid, for the record that the next start reads. */
  onSpawn: (name: string, pid: number) => void
  /** It ended although nobody asked it to, and will be started again. */
  onCrash: (name: string, how: string, restartInMs: number) => void
}

/** Longer than this and a crash is a new story: the waiting time starts small again. */
const STEADY_MS = 30_000

/**
 * One process of the control plane, kept alive.
 * Modes: running -> (ends by itself) -> waiting -> running …; stop() -> stopping -> stopped, for good.
 */
export class Child {
  readonly name: string
  readonly #options: ChildOptions
  readonly #log: WriteStream
  #process: ChildProcess | null = null
  #timer: NodeJS.Timeout | null = null
  #stopping = false
  #crashes = 0

  constructor(options: ChildOptions) {
    this.name = options.name
    this.#options = options
    this.#log = createWriteStream(join(options.logDir, `${options.name}.log`), { flags: 'a' })
    this.#spawn()
  }

  /** How often in a row it ended by itself. */
  get crashes(): number {
    return this.#crashes
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** SIGTERM, a second SIGTERM after `hurryMs` for those that wait for their work, SIGKILL after `graceMs`. Resolves when it is gone. */
  async stop({ hurryMs = 4000, graceMs = 8000 } = {}): Promise<void> {
    this.#stopping = true
    if (this.#timer) clearTimeout(this.#timer)
    const running = this.#process
    if (running && running.exitCode === null && running.signalCode === null) {
      const gone = new Promise<void>((resolve) => running.once('exit', () => resolve()))
      running.kill('SIGTERM')
      const hurry = setTimeout(() => running.kill('SIGTERM'), hurryMs)
      const kill = setTimeout(() => running.kill('SIGKILL'), graceMs)
      await gone
      clearTimeout(hurry)
      clearTimeout(kill)
    }
    this.#log.end()
  }

  /** At once and without a word: the supervisor itself is being ended. */
  kill(): void {
    this.#stopping = true
    this.#process?.kill('SIGKILL')
  }

  #spawn(): void {
    const { args, cwd, env, root, name, onSpawn } = this.#options
    const begun = Date.now()
    const child = spawn(process.execPath, ['--import', join(root, 'apps/local/parent-watch.mjs'), '--enable-source-maps', ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Its own process group: Ctrl-C in a terminal reaches the supervisor alone, which stops them in order.
      detached: process.platform !== 'win32',
    })
    this.#process = child
    child.stdout?.on('data', (chunk: Buffer) => this.#log.write(chunk))
    child.stderr?.on('data', (chunk: Buffer) => this.#log.write(chunk))
    child.once('error', () => undefined)
    child.once('exit', (code, signal) => this.#exited(Date.now() - begun, signal ?? `exit code ${code}`))
    if (child.pid !== undefined) onSpawn(name, child.pid)
  }

  #exited(livedMs: number, how: string): void {
    if (this.#stopping) return
    this.#crashes = livedMs > STEADY_MS ? 1 : this.#crashes + 1
    const waitMs = backoffMs({ attempt: this.#crashes, baseMs: 200, maxMs: 10_000, factor: 2, jitter: 0.2 }, Math.random)
    this.#log.write(`-- ${this.name} ended (${how}); starting again in ${Math.round(waitMs)} ms\n`)
    this.#options.onCrash(this.name, how, waitMs)
    this.#timer = setTimeout(() => this.#spawn(), waitMs)
  }
}
