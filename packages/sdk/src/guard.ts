import { setMaxListeners } from 'node:events'
import { currentScope } from './context.ts'
import { TimeoutError } from './errors.ts'

/** Node fires a longer timer at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

interface Guard {
  parent: AbortSignal
  timeoutSeconds: number | undefined
  what: string
  bodies: Set<Promise<unknown>>
}

/** A run may have thousands of parallel tasks, all listening: that is no leak. */
export const newController = (): AbortController => {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  return controller
}

export interface Guarded {
  signal: AbortSignal
  /** The body has failed and tidies up: its children are told to stop, the outcome stays the body's own. */
  cancelChildren: (reason: Error) => void
}

/**
 * Runs `body` until it settles, its time is over or the parent is aborted, whichever is first. Code cannot be stopped from outside:
 * a body that ignores its signal goes on, but nobody waits for it any more than the exit does.
 */
export const guarded = async <T>({ parent, timeoutSeconds, what, bodies }: Guard, body: (guard: Guarded) => Promise<T>): Promise<T> => {
  parent.throwIfAborted()
  const controller = newController()
  const onParent = (): void => controller.abort(parent.reason)
  parent.addEventListener('abort', onParent, { once: true })
  const timer =
    timeoutSeconds === undefined
      ? undefined
      : setTimeout(
          () => controller.abort(new TimeoutError(`${what} ran longer than ${timeoutSeconds} s`)),
          Math.min(timeoutSeconds * 1000, MAX_TIMER_MS),
        )
  let quiet = false
  const cancelChildren = (reason: Error): void => {
    quiet = true
    controller.abort(reason)
  }
  const running = body({ signal: controller.signal, cancelChildren })
  bodies.add(running)
  const forget = (): void => {
    bodies.delete(running)
  }
  running.then(forget, forget)
  try {
    return await new Promise<T>((resolve, reject) => {
      controller.signal.addEventListener('abort', () => quiet || reject(controller.signal.reason), { once: true })
      running.then(resolve, reject)
    })
  } finally {
    clearTimeout(timer)
    parent.removeEventListener('abort', onParent)
  }
}

/** Waits, and wakes with the reason when the run or task is told to stop. */
export const sleep = (seconds: number, signal: AbortSignal | undefined = currentScope()?.signal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      },
      Math.min(seconds * 1000, MAX_TIMER_MS),
    )
    signal?.addEventListener('abort', onAbort, { once: true })
  })
