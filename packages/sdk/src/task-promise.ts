import type { Pending } from './context.ts'

/** The promise of a task call. It knows whether anybody looked at it, so that no failure stays unseen. */
export class TaskPromise<T> extends Promise<T> {
  #pending: Pending | undefined

  /** Promises made from this one are ordinary ones. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  static of<T>(key: string, work: Promise<T>): { promise: TaskPromise<T>; pending: Pending } {
    const promise = new TaskPromise<T>((resolve, reject) => {
      work.then(resolve, reject)
    })
    const pending: Pending = {
      key,
      observed: false,
      settled: work.then(
        () => ({ ok: true }),
        (error: unknown) => ({ ok: false, error }),
      ),
    }
    // A failure that nobody awaits is found by the parent when its own body ends; it is no unhandled rejection.
    Promise.prototype.then.call(promise, undefined, () => undefined)
    promise.#pending = pending
    return { promise, pending }
  }

  // biome-ignore lint/suspicious/noThenProperty: a promise that notices who awaits it has to have its own `then`.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (this.#pending) this.#pending.observed = true
    return super.then(onFulfilled, onRejected)
  }
}
