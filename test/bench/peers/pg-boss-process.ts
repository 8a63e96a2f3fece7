import PgBoss from 'pg-boss'
import { settingsOf, tell } from '../child.ts'
import { monotonicMs } from '../stats.ts'

/** `work`: its own polling with the defaults. `fetch`: two loops of batches of 500, the best that was found. */
export type PgBossSettings = { databaseUrl: string; queue: string; mode: 'work' | 'fetch' }

const { databaseUrl, queue, mode } = settingsOf<PgBossSettings>()
let total = 0

const boss = new PgBoss({ connectionString: databaseUrl, max: 12, schedule: false, supervise: false })
boss.on('error', (error) => tell({ kind: 'failed', message: error.message }))
await boss.start()
await boss.createQueue(queue)

if (mode === 'work') {
  for (let worker = 0; worker < 10; worker += 1) {
    await boss.work<{ id: string }>(queue, { pollingIntervalSeconds: 0.5 }, async (jobs) => {
      tell({ kind: 'received', ids: jobs.map(({ data }) => data.id), at: monotonicMs() })
      total += jobs.length
    })
  }
} else {
  const drain = async (): Promise<void> => {
    for (;;) {
      const jobs = await boss.fetch(queue, { batchSize: 500 })
      if (jobs.length > 0)
        await boss.complete(
          queue,
          jobs.map(({ id }) => id),
        )
      else await new Promise((resolve) => setTimeout(resolve, 5))
      total += jobs.length
    }
  }
  void drain()
  void drain()
}
setInterval(() => tell({ kind: 'finished', total, at: monotonicMs() }), 5)
tell({ kind: 'ready' })
