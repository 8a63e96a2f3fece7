import { BusConnection } from './bus/bus-connection.ts'
import { everything, parseNotice, toNotices } from './bus/notice.ts'
import type { Db } from './open-db.ts'

export type Bus = {
  /**
   * Call after the commit. Tells this process's subscribers at once and the other processes in the next flush. Ids only, never data:
   * whoever hears of one reads it from the database.
   */
  publish(topic: string, ids: readonly string[]): void
  /** `onResync`: notices may have been lost (nobody listened yet, the connection broke, or there were too many); look at everything. */
  subscribe(topic: string, listener: (ids: readonly string[]) => void, onResync?: () => void): () => void
  /** Resolves once notices of other processes are heard. */
  ready(): Promise<void>
  close(): Promise<void>
}

type Subscriber = { listener: (ids: readonly string[]) => void; onResync: (() => void) | undefined }
type BusLog = { warn(facts: object, text: string): void }

/** More ids than this of a topic in one flush say no more than "look at everything". */
const maxIds = 2000

/**
 * Wake-ups within and between processes. Within: synchronously. Between: one NOTIFY statement per flush on a connection of its own,
 * where everything published during a flush goes out with the next. A NOTIFY inside writing transactions would make
 * commits queue for PostgreSQL's global notification lock (3,100/s, whatever the number of clients).
 */
export const createBus = (db: Db, log: BusLog = { warn: () => {} }): Bus => {
  const subscribers = new Map<string, Set<Subscriber>>()
  let pending = new Map<string, Set<string>>()
  let flushing = false

  const call = (fn: () => void): void => {
    try {
      fn()
    } catch (error) {
      log.warn({ err: error }, 'A subscriber of the bus threw')
    }
  }
  const deliver = (topic: string, ids: readonly string[]): void => {
    for (const { listener } of [...(subscribers.get(topic) ?? [])]) call(() => listener(ids))
  }
  const resync = (topic?: string): void => {
    const concerned = topic === undefined ? [...subscribers.values()].flatMap((set) => [...set]) : [...(subscribers.get(topic) ?? [])]
    for (const { onResync } of concerned) if (onResync) call(onResync)
  }

  const connection = new BusConnection({
    url: db.url,
    applicationName: `${db.applicationName}-bus`,
    log,
    onNotice: (payload) => {
      const { topic, ids } = parseNotice(payload)
      if (ids === everything) resync(topic)
      else deliver(topic, ids)
    },
    onConnect: () => {
      resync()
      void flush()
    },
  })

  const flush = async (): Promise<void> => {
    if (flushing) return
    flushing = true
    // Gathers what the rest of this tick publishes, without a timer's delay.
    await undefined
    while (pending.size > 0 && connection.isUp()) {
      const batch = pending
      pending = new Map()
      const notices = [...batch].flatMap(([topic, ids]) => toNotices(topic, ids.size > maxIds ? everything : [...ids]))
      // A failed flush is not repeated: the connection is broken then, and its listeners look at everything after theirs is back.
      await connection.notify(notices).catch((error: unknown) => log.warn({ err: error }, 'Other processes could not be notified'))
    }
    flushing = false
  }

  return {
    publish: (topic, ids) => {
      if (ids.length === 0) return
      const waiting = pending.get(topic) ?? new Set()
      pending.set(topic, waiting)
      // One beyond the bound is enough to know that it was passed, also while the database is away for long.
      for (const id of ids) if (waiting.size <= maxIds) waiting.add(id)
      void flush()
      deliver(topic, ids)
    },
    subscribe: (topic, listener, onResync) => {
      const subscriber = { listener, onResync }
      const set = subscribers.get(topic) ?? new Set()
      subscribers.set(topic, set.add(subscriber))
      return () => set.delete(subscriber)
    },
    ready: () => connection.ready(),
    close: () => connection.close(),
  }
}
