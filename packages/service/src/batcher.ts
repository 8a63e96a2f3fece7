export type Batcher<Item, Result> = {
  /** Resolves with this item's result, or rejects with the error of the flush that carried it. */
  add(item: Item): Promise<Result>
  /** Items that wait or are being flushed. */
  size(): number
  /** Resolves once nothing waits and nothing is under way. */
  idle(): Promise<void>
}

export type BatcherOptions<Item, Result> = {
  /** The most items of one flush. */
  maxItems: number
  /** Gives one result for each item, in the items' order. */
  flush(items: Item[]): Promise<readonly Result[]>
}

type Waiting<Item, Result> = { item: Item; resolve(value: Result): void; reject(error: unknown): void }

/**
 * Group commit: one flush at a time, and whatever arrives meanwhile goes out together in the next. Idle, an item is flushed at the
 * end of the current microtask (no timer: it would be the latency of every lone call), so a burst from one tick is one
 * flush. Order of arrival is the order within and across flushes. A failed flush rejects its own items only.
 */
export const createBatcher = <Item, Result>({ maxItems, flush }: BatcherOptions<Item, Result>): Batcher<Item, Result> => {
  let queue: Waiting<Item, Result>[] = []
  let inFlight = 0
  let running = false
  const idlers: (() => void)[] = []

  const flushOnce = async (batch: Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await flush(batch.map((waiting) => waiting.item))
      if (results.length !== batch.length) throw new Error(`A flush of ${batch.length} items gave ${results.length} results`)
      for (let i = 0; i < batch.length; i += 1) batch[i]?.resolve(results[i] as Result)
    } catch (error) {
      for (const waiting of batch) waiting.reject(error)
    }
  }

  const run = async (): Promise<void> => {
    await undefined
    while (queue.length > 0) {
      const batch = queue.length <= maxItems ? queue : queue.slice(0, maxItems)
      queue = queue.length <= maxItems ? [] : queue.slice(maxItems)
      inFlight = batch.length
      await flushOnce(batch)
      inFlight = 0
    }
    running = false
    for (const resolve of idlers.splice(0)) resolve()
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject })
        if (running) return
        running = true
        void run()
      }),
    size: () => queue.length + inFlight,
    idle: () => (running ? new Promise((resolve) => idlers.push(resolve)) : Promise.resolve()),
  }
}
