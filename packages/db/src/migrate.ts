import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import pg from 'pg'
import { isDatabaseUrl, NO_DATABASE_URL } from './database-url.ts'
import { withSchemaEngine } from './schema-engine.ts'

export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

export type MigrateOptions = {
  /** The folder prisma/migrations. Default: TOWLINE_MIGRATIONS_DIR, else that of this checkout. */
  migrationsDir?: string
  /** How long another process's migration is waited for. */
  lockTimeoutMs?: number
}

/** Any constant of our own: the key of the advisory lock that all migrating processes of a database take. */
const lockKey = 7_469_600_717n

/** In a bundle this file is somewhere else, so the folder is found by walking up to the first prisma/migrations. */
export const findMigrationsDir = async (given = process.env.TOWLINE_MIGRATIONS_DIR): Promise<string> => {
  if (given) return given
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const candidate = join(folder, 'prisma', 'migrations')
    if (
      await readdir(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate
    const parent = dirname(folder)
    if (parent === folder) throw new MigrationError('The folder prisma/migrations was not found. Set TOWLINE_MIGRATIONS_DIR.')
    folder = parent
  }
}

const readMigrations = async (baseDir: string): Promise<MigrationList> => {
  const names = (await readdir(baseDir, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  if (names.length === 0) throw new MigrationError(`No migrations in ${baseDir}`)
  const migrationDirectories = await Promise.all(
    names.sort().map(async (path) => {
      const value = await readFile(join(baseDir, path, 'migration.sql'), 'utf8')
      return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } }
    }),
  )
  const lockfile = { path: 'migration_lock.toml', content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8') }
  return { baseDir, lockfile, shadowDbInitScript: '', migrationDirectories }
}

const filters = { externalTables: [], externalEnums: [] }

const describeUrl = (url: string): string => {
  try {
    const { hostname, port, pathname } = new URL(url)
    return `${hostname}:${port || 5432}${pathname}`
  } catch {
    return 'the given address'
  }
}

/** The driver takes whatever is no address for the name of a file or of a host, and then says that it cannot find "base". */
const assertAddress = (url: string): void => {
  if (!isDatabaseUrl(url)) throw new MigrationError(NO_DATABASE_URL)
}

const refuseUnknownState = async (engine: SchemaEngine, migrationsList: MigrationList): Promise<void> => {
  const state = await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters })
  if (state.failedMigrationNames.length > 0) {
    throw new MigrationError(
      `The migration ${state.failedMigrationNames[0]} failed earlier in this database. Restore a backup, or repair it and run "prisma migrate resolve".`,
    )
  }
  if (state.history && state.history.diagnostic !== 'databaseIsBehind') {
    const unknown = state.history.unpersistedMigrationNames.join(', ')
    throw new MigrationError(`The database is newer than this Towline: it has ${unknown}. Start the newer version.`)
  }
  if (state.editedMigrationNames.length > 0) {
    throw new MigrationError(
      `The migration ${state.editedMigrationNames[0]} was applied with another text than this Towline has. Use the version that made the database.`,
    )
  }
}

const connect = async (url: string, lockTimeoutMs: number): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'towline-migrate',
    connectionTimeoutMillis: 15_000,
    lock_timeout: lockTimeoutMs,
  })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (cause) {
    throw new MigrationError(`The database ${describeUrl(url)} cannot be reached: ${errorText(cause)}`, { cause })
  }
  const { rows } = await client.query<{ version: number }>("SELECT current_setting('server_version_num')::int AS version")
  if ((rows[0]?.version ?? 0) < 150_000) {
    await client.end()
    throw new MigrationError(
      `The database ${describeUrl(url)} is PostgreSQL ${Math.floor((rows[0]?.version ?? 0) / 10_000)}. Towline needs 15 or later.`,
    )
  }
  return client
}

/** Node gives an AggregateError without a text when both addresses of a host refuse. */
const errorText = (error: unknown): string => {
  const { message, code } = error as { message?: string; code?: string }
  return (message || code || String(error)).split('\n')[0] ?? ''
}

/**
 * Applies what is missing of prisma/migrations and returns the names. Any number of processes may call it at once: they take turns
 * by an advisory lock, held by a session of its own because the engine brings its own connections; if this process
 * dies, the lock goes with the session.
 */
export const migrate = async (url: string, { migrationsDir, lockTimeoutMs = 120_000 }: MigrateOptions = {}): Promise<string[]> => {
  assertAddress(url)
  const migrationsList = await readMigrations(await findMigrationsDir(migrationsDir))
  const lock = await connect(url, lockTimeoutMs)
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [lockKey])
    return await withSchemaEngine({ connectionString: url, application_name: 'towline-migrate' }, undefined, async (engine) => {
      await refuseUnknownState(engine, migrationsList)
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters })
      return appliedMigrationNames
    })
  } catch (cause) {
    if (cause instanceof MigrationError) throw cause
    throw new MigrationError(`The database ${describeUrl(url)} could not be migrated: ${applyErrorText(cause)}`, { cause })
  } finally {
    await lock.end().catch(() => undefined)
  }
}

/** The engine's errors are many lines; the one that PostgreSQL wrote is what matters. */
const applyErrorText = (error: unknown): string => {
  const text = (error as Error).message ?? String(error)
  const fromDatabase = /(?:ERROR|Database error): ?(.+)/.exec(
    text.replace(/Database error code:.*\n/g, '').replace(/Database error:\n/, 'ERROR: '),
  )
  return fromDatabase?.[1]?.trim() ?? errorText(error)
}
