import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadProcess } from './child.ts'
import { monotonicMs, type Percentiles, percentiles } from './stats.ts'

/** Between two samples, so that nothing of the last one is under way. */
const PAUSE_MS = 25

type Options = { load: LoadProcess; samples: number; create: () => Promise<string> }

/** From the call that creates to the moment when the other process has it, one at a time, on an idle system. */
export const measureIdleLatency = async ({ load, samples, create }: Options): Promise<{ received: Percentiles; created: Percentiles }> => {
  const received: number[] = []
  const created: number[] = []
  const arrivals = new Map<string, number>()
  const stop = load.on((message) => {
    if (message.kind === 'received') for (const id of message.ids) arrivals.set(id, message.at)
  })
  const warmUp = 20
  for (let sample = -warmUp; sample < samples; sample += 1) {
    const start = monotonicMs()
    const id = await create()
    const end = monotonicMs()
    while (!arrivals.has(id)) await sleep(1)
    if (sample >= 0) {
      received.push((arrivals.get(id) ?? Number.NaN) - start)
      created.push(end - start)
    }
    await sleep(PAUSE_MS)
  }
  stop()
  return { received: percentiles(received), created: percentiles(created) }
}
