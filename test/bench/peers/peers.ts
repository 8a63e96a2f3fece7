import { Logger, makeWorkerUtils, type WorkerUtils } from 'graphile-worker'
import PgBoss from 'pg-boss'
import { LoadProcess } from '../child.ts'
import { measureIdleLatency } from '../idle-latency.ts'
import type { Percentiles } from '../stats.ts'
import { measureThroughput, type Throughput } from '../throughput.ts'
import type { GraphileSettings } from './graphile-process.ts'
import type { PgBossSettings } from './pg-boss-process.ts'

type Database = { databaseUrl: string; postgresPid: number }
export type Sizes = { samples: number; runs: number }
export type PeerFigures = { latency: Percentiles; defaults: Throughput | null; tuned: Throughput }

export const measureGraphile = async ({ databaseUrl, postgresPid }: Database, { samples, runs }: Sizes): Promise<PeerFigures> => {
  const utils = await makeWorkerUtils({ connectionString: databaseUrl, logger: new Logger(() => () => undefined) })
  await utils.migrate()
  const withWorker = async <T>(settings: Omit<GraphileSettings, 'databaseUrl'>, measure: (load: LoadProcess) => Promise<T>): Promise<T> => {
    const load = new LoadProcess('peers/graphile-process.ts', { databaseUrl, ...settings } satisfies GraphileSettings)
    await load.ready()
    return await measure(load).finally(() => load.stop())
  }
  const drain = (total: number) => (load: LoadProcess) =>
    measureThroughput({
      load,
      counted: { postgres: { pid: postgresPid, children: true } },
      total,
      addBatch: (count) => addBatch(utils, count),
    })
  try {
    const latency = await withWorker({ concurrency: 10, localQueueSize: null, latency: true }, async (load) => {
      let next = 0
      const create = async () => {
        next += 1
        await utils.addJob('bench', { id: String(next) })
        return String(next)
      }
      return (await measureIdleLatency({ load, samples, create })).received
    })
    const defaults = await withWorker({ concurrency: 10, localQueueSize: null, latency: false }, drain(Math.ceil(runs / 4)))
    const tuned = await withWorker({ concurrency: 100, localQueueSize: 1000, latency: false }, drain(runs))
    return { latency, defaults, tuned }
  } finally {
    await utils.release()
  }
}

const addBatch = async (utils: WorkerUtils, count: number): Promise<void> => {
  await utils.addJobs(
    Array.from({ length: count }, (_, index) => ({ identifier: 'bench', payload: { id: String(index), note: 'x'.repeat(200) } })),
  )
}

export const measurePgBoss = async ({ databaseUrl, postgresPid }: Database, { samples, runs }: Sizes): Promise<PeerFigures> => {
  const boss = new PgBoss({ connectionString: databaseUrl, schedule: false, supervise: false })
  boss.on('error', () => undefined)
  await boss.start()
  const withWorker = async <T>(settings: Omit<PgBossSettings, 'databaseUrl'>, measure: (load: LoadProcess) => Promise<T>): Promise<T> => {
    const load = new LoadProcess('peers/pg-boss-process.ts', { databaseUrl, ...settings } satisfies PgBossSettings)
    await load.ready()
    return await measure(load).finally(() => load.stop())
  }
  try {
    const latency = await withWorker({ queue: 'latency', mode: 'work' }, async (load) => {
      let next = 0
      const create = async () => {
        next += 1
        await boss.send('latency', { id: String(next) })
        return String(next)
      }
      return (await measureIdleLatency({ load, samples: Math.ceil(samples / 10), create })).received
    })
    const tuned = await withWorker({ queue: 'drain', mode: 'fetch' }, (load) =>
      measureThroughput({
        load,
        counted: { postgres: { pid: postgresPid, children: true } },
        total: runs,
        addBatch: (count) =>
          boss.insert(Array.from({ length: count }, (_, index) => ({ name: 'drain', data: { id: index, note: 'x'.repeat(200) } }))),
      }),
    )
    return { latency, defaults: null, tuned }
  } finally {
    await boss.stop({ graceful: false })
  }
}
