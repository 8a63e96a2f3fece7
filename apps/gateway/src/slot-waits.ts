import type { EngineContext } from '@towline/engine/context'

export type SlotWait = {
  /** Resolves when something may have changed for the run, or after this long. What came since the last turn counts. */
  turn(ms: number): Promise<void>
  close(): void
}
export type SlotWaits = { listen(runId: string): SlotWait; close(): void }

/** The held calls for slots, by run: one subscription for all of them. */
export const createSlotWaits = (bus: EngineContext['bus']): SlotWaits => {
  const waits = new Map<string, Set<() => void>>()
  const wake = (ids: readonly string[]): void => {
    for (const id of ids) for (const told of waits.get(id) ?? []) told()
  }
  const wakeAll = (): void => wake([...waits.keys()])
  const unsubscribe = ['slots', 'cancel'].map((topic) => bus.subscribe(topic, wake, wakeAll))

  const listen = (runId: string): SlotWait => {
    let isTold = false
    let resolve: (() => void) | undefined
    const told = (): void => {
      isTold = true
      resolve?.()
    }
    const set = waits.get(runId) ?? new Set()
    waits.set(runId, set.add(told))
    return {
      turn: async (ms) => {
        if (!isTold) {
          await new Promise<void>((done) => {
            const timer = setTimeout(done, Math.max(0, ms))
            resolve = () => {
              clearTimeout(timer)
              done()
            }
          })
        }
        isTold = false
        resolve = undefined
      },
      close: () => {
        set.delete(told)
        if (set.size === 0) waits.delete(runId)
        told()
      },
    }
  }
  return {
    listen,
    close: () => {
      for (const stop of unsubscribe) stop()
      wakeAll()
    },
  }
}
