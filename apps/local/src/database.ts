import { join } from 'node:path'
import { startEmbedded } from '@towline/db/embedded'
import { migrate } from '@towline/db/migrate'
import { backoffMs } from '@towline/service/backoff'
import type { Logger } from '@towline/service/logger'
import { Refusal } from './refusal.ts'
import type { Settings } from './settings.ts'

export type Database = { url: string; note: string; pid: number | null; stop: () => Promise<void> }

type Options = { settings: Settings; log: Logger; onCrash: (name: string, how: string, restartInMs: number) => void }

/** The embedded PostgreSQL, started again when it dies; or the server that the settings name. */
export const startDatabase = async ({ settings, log, onCrash }: Options): Promise<Database> => {
  if (settings.databaseUrl) return { url: settings.databaseUrl, note: 'external', pid: null, stop: async () => undefined }
  try {
    const dataDir = join(settings.dataDir, 'database')
    const embedded = await startEmbedded({ dataDir, log })
    let stopping = false
    let crashes = 0
    const revive = (): void => {
      if (stopping) return
      crashes += 1
      const waitMs = backoffMs({ attempt: crashes, baseMs: 100, maxMs: 10_000 })
      onCrash('database', 'it ended by itself', waitMs)
      setTimeout(() => {
        if (!stopping) embedded.restart().then(() => (crashes = 0), revive)
      }, waitMs)
    }
    embedded.onExit(revive)
    return {
      url: embedded.url,
      note: embedded.dataDir === dataDir ? 'embedded PostgreSQL' : `embedded PostgreSQL, data in ${embedded.dataDir}`,
      pid: embedded.pid(),
      stop: async () => {
        stopping = true
        await embedded.stop()
      },
    }
  } catch (error) {
    throw new Refusal((error as Error).message, { cause: error })
  }
}

/** Brings the schema up to date; a database that cannot be reached or used gets one line. */
export const migrateDatabase = async (url: string, embedded: boolean): Promise<void> => {
  try {
    await migrate(url)
  } catch (error) {
    if (embedded) throw error
    throw new Refusal(`The database of TOWLINE_DATABASE_URL cannot be used: ${(error as Error).message.split('\n')[0]}`, { cause: error })
  }
}
