import type { LoadProcess } from './child.ts'
import { type Counted, measureCpu } from './cpu-time.ts'
import { monotonicMs } from './stats.ts'

const BATCH = 1000

type Options = {
  load: LoadProcess
  total: number
  addBatch: (count: number) => Promise<void>
  /** Whose CPU is counted, beside that of the load. */
  counted: Record<string, Counted>
}
export type Throughput = { total: number; seconds: number; perSecond: number; createdPerSecond: number; cpuMicros: Record<string, number> }

/** Created in batches while they are worked off; the clock runs from the first create to the last durable end. */
export const measureThroughput = async ({ load, total, addBatch, counted }: Options): Promise<Throughput> => {
  const { result, cpuMicros } = await measureCpu({ ...counted, load: { pid: load.pid }, create: { pid: process.pid } }, total, async () => {
    const done = load.waitFor((message) => (message.kind === 'finished' && message.total >= total ? message.at : null))
    const start = monotonicMs()
    for (let added = 0; added < total; added += BATCH) await addBatch(Math.min(BATCH, total - added))
    const createdSeconds = (monotonicMs() - start) / 1000
    const seconds = ((await done) - start) / 1000
    return { total, seconds, perSecond: total / seconds, createdPerSecond: total / createdSeconds }
  })
  return { ...result, cpuMicros }
}
