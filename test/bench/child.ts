import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from './paths.ts'

/** What the load processes say to the one that measures. */
export type LoadMessage =
  | { kind: 'ready' }
  /** When each came in, by the machine's monotonic clock. */
  | { kind: 'received'; ids: string[]; at: number }
  | { kind: 'finished'; total: number; at: number }
  /** Milliseconds from the end of each holder of a slot to the next one: since it was sent, and since it was acknowledged. */
  | { kind: 'handed-over'; sinceEnd: number[]; sinceAck: number[]; most: number }
  | { kind: 'failed'; message: string }

/** A TypeScript file of this folder as a process of its own, so that load and measurement do not share an event loop. */
export class LoadProcess {
  readonly #child: ChildProcess
  readonly #listeners = new Set<(message: LoadMessage) => void>()
  #failure: Error | null = null

  constructor(file: string, settings: object) {
    this.#child = spawn(process.execPath, [join(root, '.config/run-ts.mjs'), join(root, 'test/bench', file), JSON.stringify(settings)], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.on('message', (message: LoadMessage) => {
      if (message.kind === 'failed') this.#fail(new Error(`${file}: ${message.message}`))
      for (const listener of this.#listeners) listener(message)
    })
    this.#child.on('exit', (code) => this.#fail(new Error(`${file} ended with ${code}`)))
  }

  on(listener: (message: LoadMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  waitFor<T>(pick: (message: LoadMessage) => T | null): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(this.#failure)
      if (this.#failure !== null) return fail()
      this.#child.once('exit', fail)
      const stop = this.on((message) => {
        if (this.#failure !== null) return fail()
        const picked = pick(message)
        if (picked === null) return
        stop()
        this.#child.off('exit', fail)
        resolve(picked)
      })
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  ready(): Promise<true> {
    return this.waitFor((message) => (message.kind === 'ready' ? true : null))
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.removeAllListeners('exit')
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }

  #fail(error: Error): void {
    this.#failure ??= error
  }
}

/** For the file that runs inside. */
export const settingsOf = <T>(): T => JSON.parse(process.argv[2] ?? '{}') as T

export const tell = (message: LoadMessage): void => {
  process.send?.(message)
}
