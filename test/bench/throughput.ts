import type { LoadProcess } from './child.ts'
import { monotonicMs } from './stats.ts'

const BATCH = 1000

type Options = { load: LoadProcess; total: number; alreadyFinished?: number; addBatch: (count: number) => Promise<void> }
export type Throughput = { total: number; seconds: number; perSecond: number; createdPerSecond: number }

/** Created in batches while they are worked off; the clock runs from the first create to the last durable end. */
export const measureThroughput = async ({ load, total, alreadyFinished = 0, addBatch }: Options): Promise<Throughput> => {
  const done = load.waitFor((message) => (message.kind === 'finished' && message.total - alreadyFinished >= total ? message.at : null))
  const start = monotonicMs()
  for (let added = 0; added < total; added += BATCH) await addBatch(Math.min(BATCH, total - added))
  const createdSeconds = (monotonicMs() - start) / 1000
  const seconds = ((await done) - start) / 1000
  return { total, seconds, perSecond: total / seconds, createdPerSecond: total / createdSeconds }
}
