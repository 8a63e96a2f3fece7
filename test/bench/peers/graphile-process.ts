import { Logger, run } from 'graphile-worker'
import { settingsOf, tell } from '../child.ts'
import { monotonicMs } from '../stats.ts'

export type GraphileSettings = { databaseUrl: string; concurrency: number; localQueueSize: number | null; latency: boolean }

const { databaseUrl, concurrency, localQueueSize, latency } = settingsOf<GraphileSettings>()
let total = 0

const runner = await run({
  noHandleSignals: true,
  // A line for each job would cost it half of its figure.
  logger: new Logger(() => () => undefined),
  preset: {
    worker: {
      connectionString: databaseUrl,
      concurrentJobs: concurrency,
      maxPoolSize: 12,
      ...(localQueueSize === null ? {} : { localQueue: { size: localQueueSize }, completeJobBatchDelay: 5, failJobBatchDelay: 5 }),
    },
  },
  taskList: {
    bench: (payload) => {
      const at = monotonicMs()
      if (latency && typeof payload === 'object' && payload !== null && 'id' in payload)
        tell({ kind: 'received', ids: [String(payload.id)], at })
    },
  },
})
// Emitted when the completion is written.
runner.events.on('job:complete', () => {
  total += 1
})
setInterval(() => tell({ kind: 'finished', total, at: monotonicMs() }), 5)
tell({ kind: 'ready' })
await runner.promise
