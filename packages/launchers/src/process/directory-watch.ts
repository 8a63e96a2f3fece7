import { type FSWatcher, watch } from 'node:fs'

/** `output`: something was printed. `state`: any other file changed, or `wake()` was called; ends waits for output too. */
export type WatchTopic = 'output' | 'state'

/**
 * Wakes whoever waits when something in the directory changes. The operating system's notices are a speed-up only (they may
 * run out of handles, or not exist on a network disk): every wait also ends after `fallbackMs`.
 */
export class DirectoryWatch {
  readonly #waiting = { output: new Set<() => void>(), state: new Set<() => void>() }
  readonly #changes = { output: 0, state: 0 }
  #watcher: FSWatcher | null = null

  constructor(directory: string) {
    try {
      this.#watcher = watch(directory, { persistent: false }, (_event, file) => {
        if (file === 'stdout' || file === 'stderr') this.#notify('output')
        else this.wake()
      })
      this.#watcher.on('error', () => this.#closeWatcher())
    } catch {
      this.#watcher = null
    }
  }

  /** Grows with every notice: pass the number from before you looked to `wait`, and no notice is lost in between. */
  changes(topic: WatchTopic): number {
    return this.#changes[topic]
  }

  wake(): void {
    this.#notify('state')
    this.#notify('output')
  }

  wait(topic: WatchTopic, since: number, fallbackMs: number): Promise<void> {
    if (this.#changes[topic] !== since) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting[topic].delete(done)
        resolve()
      }
      const timer = setTimeout(done, this.#watcher === null ? Math.min(100, fallbackMs) : fallbackMs)
      this.#waiting[topic].add(done)
    })
  }

  close(): void {
    this.#closeWatcher()
    this.wake()
  }

  #notify(topic: WatchTopic): void {
    this.#changes[topic] += 1
    for (const resolve of [...this.#waiting[topic]]) resolve()
  }

  #closeWatcher(): void {
    this.#watcher?.close()
    this.#watcher = null
  }
}
