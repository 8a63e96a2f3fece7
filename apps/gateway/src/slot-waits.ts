import type { EngineContext } from '@towline/engine/context'
import { slotNotice } from '@towline/engine/limits/slot-notice'

export type SlotWait = {
  /** Resolves when something may have changed for the task run, or after this long. What came since the last turn counts. */
  turn(ms: number): Promise<void>
  close(): void
}
export type SlotWaits = { listen(runId: string, taskKey: string): SlotWait; close(): void }

/** The held calls for slots, by task run and by run: one subscription for all of them, and a freed slot wakes only whom it is offered to. */
export const createSlotWaits = (bus: EngineContext['bus']): SlotWaits => {
  const waits = new Map<string, Set<() => void>>()
  const wake = (ids: readonly string[]): void => {
    for (const id of ids) for (const told of waits.get(id) ?? []) told()
  }
  const wakeAll = (): void => wake([...waits.keys()])
  const unsubscribe = ['slots', 'cancel'].map((topic) => bus.subscribe(topic, wake, wakeAll))

  const listen = (runId: string, taskKey: string): SlotWait => {
    let isTold = false
    let resolve: (() => void) | undefined
    const told = (): void => {
      isTold = true
      resolve?.()
    }
    const names = [runId, slotNotice(runId, taskKey)]
    for (const name of names) waits.set(name, (waits.get(name) ?? new Set()).add(told))
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
        for (const name of names) {
          waits.get(name)?.delete(told)
          if (waits.get(name)?.size === 0) waits.delete(name)
        }
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
