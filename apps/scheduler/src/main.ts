import { createBus } from '@towline/db/bus'
import { openDb } from '@towline/db/open-db'
import { systemClock } from '@towline/service/clock'
import { EnvError, readEnv } from '@towline/service/env'
import { createLogger } from '@towline/service/logger'
import { onStop } from '@towline/service/stop'
import { z } from 'zod'
import { startScheduler } from './start-scheduler.ts'

const envSchema = z.object({
  TOWLINE_DATABASE_URL: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  TOWLINE_SCHEDULER_PORT: z.coerce.number().int().min(0).max(65_535).default(7602),
  /** The same as the gateway's: a lease is four heartbeats. */
  TOWLINE_HEARTBEAT_SECONDS: z.coerce.number().positive().default(10),
  /** How many days a run is kept after its end, with all that it said. 0: for ever. */
  TOWLINE_RETENTION_DAYS: z.coerce.number().int().min(0).max(36_500).default(90),
})
const HEARTBEATS_PER_LEASE = 4

const log = createLogger('scheduler')

const main = async (): Promise<void> => {
  const env = readEnv(envSchema)
  const databaseUrl = env.TOWLINE_DATABASE_URL ?? env.DATABASE_URL
  if (!databaseUrl) throw new EnvError('TOWLINE_DATABASE_URL is not set')
  const db = openDb({ url: databaseUrl, applicationName: 'towline-scheduler', maxConnections: 4 })
  const bus = createBus(db, log)
  const scheduler = await startScheduler(
    { db, bus, clock: systemClock, log },
    {
      port: env.TOWLINE_SCHEDULER_PORT,
      leaseSeconds: env.TOWLINE_HEARTBEAT_SECONDS * HEARTBEATS_PER_LEASE,
      keptDays: env.TOWLINE_RETENTION_DAYS,
    },
  )
  log.info({ port: scheduler.port }, 'Scheduler is running')
  const stop = async (): Promise<void> => {
    await scheduler.stop()
    await bus.close()
    await db.close()
  }
  onStop(stop, { log })
}

main().catch((error: unknown) => {
  if (error instanceof EnvError) log.fatal(error.message)
  else if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    log.fatal('The port is taken: set TOWLINE_SCHEDULER_PORT')
  else log.fatal({ err: error }, 'The scheduler could not start')
  process.exit(1)
})
