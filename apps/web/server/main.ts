import { fileURLToPath } from 'node:url'
import { createBus } from '@towline/db/bus'
import { openDb } from '@towline/db/open-db'
import { systemClock } from '@towline/service/clock'
import { createLogger } from '@towline/service/logger'
import { onStop } from '@towline/service/stop'
import { createPages } from './create-pages.ts'
import { startWeb } from './start-web.ts'
import { readWebEnv } from './web-env.ts'

const log = createLogger('web')

const start = async (): Promise<void> => {
  const { databaseUrl, ...env } = readWebEnv()
  const db = openDb({ url: databaseUrl, applicationName: 'towline-web', maxConnections: 10 })
  const bus = createBus(db, log)
  // This file is apps/web/server/main.ts, and apps/web/dist/server.mjs when bundled: both two below apps.
  const webDirectory = fileURLToPath(new URL('..', import.meta.url))
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const web = await startWeb({
    engine: { db, bus, clock: systemClock, log },
    env,
    root,
    createPages: (server, port, signal) =>
      createPages({ server, port, signal, directory: webDirectory, dev: env.dev, publicUrl: env.publicUrl, builtFile: env.builtFile }),
  })
  log.info({ port: web.port, url: env.publicUrl }, 'The API is ready')
  const stop = onStop(
    async () => {
      await web.stop()
      await bus.close()
      await db.close()
    },
    { log },
  )
  web.pagesReady.then(
    () => log.info({ url: env.publicUrl }, 'The dashboard is ready'),
    (error: unknown) => {
      if (error instanceof Error && error.name === 'AbortError') return
      log.fatal({ err: error }, 'The dashboard could not start. Is it built? (npm run build)')
      process.exitCode = 1
      stop('the dashboard could not start')
    },
  )
}

start().catch((error: unknown) => {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  if (inUse) log.fatal('The port is taken. Stop what listens there or set TOWLINE_WEB_PORT.')
  else log.fatal({ err: error }, error instanceof Error ? error.message : 'The web process could not start')
  process.exit(1)
})
