/** A bell for one sleeper: rung while awake it is not lost, rung often it wakes once. */
export type Wake = { ring: () => void; sleep: (timeoutMs: number) => Promise<void>; close: () => void }

export const createWake = (signal: AbortSignal): Wake => {
  let rung = false
  let wakeUp: (() => void) | undefined
  const ring = (): void => {
    rung = true
    wakeUp?.()
  }
  signal.addEventListener('abort', ring, { once: true })
  return {
    ring,
    close: () => signal.removeEventListener('abort', ring),
    /** Until the bell rings, or the time is over. A ring since the last sleep ends it at once. */
    sleep: async (timeoutMs) => {
      if (!rung && !signal.aborted) {
        let timer: NodeJS.Timeout | undefined
        await new Promise<void>((resolve) => {
          wakeUp = resolve
          timer = setTimeout(resolve, timeoutMs)
        })
        clearTimeout(timer)
        wakeUp = undefined
      }
      rung = false
    },
  }
}

/** Waits without regard to the bell, so that a storm of rings becomes one step; ends early when the reader leaves. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) {
      resolve()
      return
    }
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
