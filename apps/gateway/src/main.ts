import { createBus } from '@towline/db/bus'
import { openDb } from '@towline/db/open-db'
import { systemClock } from '@towline/service/clock'
import { EnvError, readEnv } from '@towline/service/env'
import { createLogger } from '@towline/service/logger'
import { onStop } from '@towline/service/stop'
import { z } from 'zod'
import { startGateway } from './start-gateway.ts'

const envSchema = z.object({
  TOWLINE_DATABASE_URL: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  TOWLINE_SECRET: z.string().min(32, 'at least 32 characters'),
  TOWLINE_GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(7601),
  TOWLINE_GATEWAY_HOST: z.string().optional(),
  TOWLINE_GATEWAY_URL: z.url().optional(),
  TOWLINE_HEARTBEAT_SECONDS: z.coerce.number().positive().default(10),
  TOWLINE_DRAIN_SECONDS: z.coerce.number().min(0).default(10),
  TOWLINE_DATABASE_CONNECTIONS: z.coerce.number().int().positive().default(16),
})

const log = createLogger('gateway')

const main = async (): Promise<void> => {
  const env = readEnv(envSchema)
  const databaseUrl = env.TOWLINE_DATABASE_URL ?? env.DATABASE_URL
  if (!databaseUrl) throw new EnvError('TOWLINE_DATABASE_URL is not set')
  const db = openDb({ url: databaseUrl, applicationName: 'towline-gateway', maxConnections: env.TOWLINE_DATABASE_CONNECTIONS })
  const bus = createBus(db, log)
  const gateway = await startGateway(
    { db, bus, clock: systemClock, log },
    {
      port: env.TOWLINE_GATEWAY_PORT,
      host: env.TOWLINE_GATEWAY_HOST,
      secret: env.TOWLINE_SECRET,
      runApiUrl: env.TOWLINE_GATEWAY_URL ?? null,
      heartbeatSeconds: env.TOWLINE_HEARTBEAT_SECONDS,
      drainSeconds: env.TOWLINE_DRAIN_SECONDS,
    },
  )
  log.info({ port: gateway.port }, 'Gateway is listening')
  const stop = async (): Promise<void> => {
    await gateway.stop()
    await bus.close()
    await db.close()
  }
  onStop(stop, { log, timeoutMs: (env.TOWLINE_DRAIN_SECONDS + 20) * 1000 })
}

main().catch((error: unknown) => {
  if (error instanceof EnvError) log.fatal(error.message)
  else if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    log.fatal('The port is taken: set TOWLINE_GATEWAY_PORT')
  else log.fatal({ err: error }, 'The gateway could not start')
  process.exit(1)
})
