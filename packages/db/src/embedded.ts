import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@towline/service/logger'
import pg from 'pg'
import { checkRunnable, findBinaries, findRunAs } from './embedded/binaries.ts'
import { openDataFolder, readPort, writeOwner, writePort } from './embedded/data-folder.ts'
import { type Profile, type ServerExit, type ServerProcess, ServerStartError, startServerProcess } from './embedded/server-process.ts'
import { reachableBinaries, reachableDataDir } from './embedded/shelter.ts'
import { takeOver } from './embedded/take-over.ts'

export type EmbeddedOptions = {
  /** Made on the first start, kept between starts. */
  dataDir: string
  /** Default: that of the last start when it is free, else a random free one. */
  port?: number
  /** 'fast' gives durability away: for tests only. */
  profile?: Profile
  maxConnections?: number
  /** Made when it is missing. */
  database?: string
  log: Pick<Logger, 'info' | 'debug' | 'warn'>
}

export type Embedded = {
  /** Of the superuser; its database is `database`. */
  url: string
  port: number
  /** Where the data lie: elsewhere than asked for when PostgreSQL's user cannot reach that folder. */
  dataDir: string
  /** Changes with each restart. */
  pid(): number
  stop(): Promise<void>
  /** After an unexpected end: start again with the same address. */
  restart(): Promise<void>
  /** Called when the server ends although nobody asked it to. Returns how to unsubscribe. */
  onExit(listener: (exit: ServerExit) => void): () => void
}

const freePort = (wanted: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen({ port: wanted, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })

const choosePort = async (given: number | undefined, last: number | undefined): Promise<number> => {
  if (given !== undefined) {
    if ((await freePort(given)) === undefined)
      throw new Error(`Port ${given} for the embedded PostgreSQL is taken. Give another, or stop what uses it.`)
    return given
  }
  const port = (last !== undefined && (await freePort(last))) || (await freePort(0))
  if (!port) throw new Error('No free port on 127.0.0.1 for the embedded PostgreSQL')
  return port
}

const ensureDatabase = async (adminUrl: string, database: string): Promise<void> => {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
}

/** After a kill -9 of postgres its children need a moment to notice and let go of the shared memory. */
const startPatiently = async (start: () => Promise<ServerProcess>): Promise<ServerProcess> => {
  let tries = 40
  for (;;) {
    try {
      return await start()
    } catch (error) {
      tries -= 1
      const passing =
        error instanceof ServerStartError && /shared memory block|lock file .* already exists/.test(error.lastLines.join('\n'))
      if (!passing || tries === 0) throw error
      await sleep(250)
    }
  }
}

/**
 * A PostgreSQL of our own, for `npm start` and tests. Modes: running -> (died -> running by restart()) -> stopped.
 * It runs as a child in its own process group, listens on 127.0.0.1 only and has a random password.
 */
export const startEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const { dataDir, profile = 'durable', maxConnections = 200, database = 'towline', log } = options
  const [found, runAs] = await Promise.all([findBinaries(), findRunAs()])
  const binaries = await reachableBinaries(found, runAs)
  await checkRunnable(binaries, runAs)
  const folder = await openDataFolder(await reachableDataDir(dataDir, runAs), { binaries, runAs, durable: profile === 'durable' })
  await takeOver(folder)
  const port = await choosePort(options.port, await readPort(folder))
  const onLine = (line: string): void => log.debug({ postgres: line }, 'postgres')
  const listeners = new Set<(exit: ServerExit) => void>()
  let stopped = false

  const start = async (): Promise<ServerProcess> => {
    try {
      const server = await startPatiently(() => startServerProcess({ binaries, runAs, folder, port, profile, maxConnections, onLine }))
      void server.exited.then((exit) => {
        if (stopped || server !== current) return
        log.warn({ code: exit.code, signal: exit.signal }, 'The embedded PostgreSQL ended unexpectedly')
        for (const listener of listeners) listener(exit)
      })
      return server
    } catch (cause) {
      throw new Error(`The embedded PostgreSQL in ${folder.root} did not start: ${(cause as Error).message}`, { cause })
    }
  }

  await writeOwner(folder, process.pid)
  let current = await start()
  await writePort(folder, port)
  const lastChance = (): void => current.kill()
  process.once('exit', lastChance)
  const urlOf = (name: string): string => `postgresql://postgres:${folder.password}@127.0.0.1:${port}/${name}`
  await ensureDatabase(urlOf('postgres'), database)

  return {
    url: urlOf(database),
    port,
    dataDir: folder.root,
    pid: () => current.pid,
    stop: async () => {
      stopped = true
      process.off('exit', lastChance)
      await current.stop()
    },
    restart: async () => {
      if (stopped) throw new Error('The embedded PostgreSQL was stopped')
      await current.exited
      current = await start()
    },
    onExit: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
