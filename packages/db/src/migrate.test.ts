import { randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findMigrationsDir, migrate } from './migrate.ts'
import { openDb } from './open-db.ts'

const server = (JSON.parse(process.env.TOWLINE_TEST_SERVER ?? '{}') as { url: string }).url

const withClient = async <T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

describe('migrate', () => {
  let name: string
  let url: string
  let folder: string

  beforeEach(async () => {
    name = `migrate_${randomBytes(5).toString('hex')}`
    await withClient(server, (client) => client.query(`CREATE DATABASE ${name}`))
    url = Object.assign(new URL(server), { pathname: `/${name}` }).toString()
    folder = await mkdtemp(join(tmpdir(), 'towline-migrations-'))
    await cp(await findMigrationsDir(), folder, { recursive: true })
  })
  afterEach(async () => {
    await withClient(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
    await rm(folder, { recursive: true })
  })
  afterAll(() => withClient(server, (client) => client.query('DROP ROLE IF EXISTS plain_owner')))

  const addMigration = async (migration: string, sql: string): Promise<void> => {
    await mkdir(join(folder, migration))
    await writeFile(join(folder, migration, 'migration.sql'), sql)
  }

  it('applies everything once and nothing the second time', async () => {
    expect(await migrate(url)).toContain('0001_init')
    expect(await migrate(url)).toEqual([])
  })

  it('lets processes that start together take turns: each migration is applied by exactly one', async () => {
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)])
    expect(applied.flat()).toEqual(await listAll())
  })

  it('works for an owner who is no superuser, and gives them both roles', async () => {
    await withClient(server, async (client) => {
      await client.query("CREATE ROLE plain_owner LOGIN CREATEROLE PASSWORD 'secret'")
      await client.query('GRANT towline_api, towline_engine TO plain_owner')
      await client.query(`ALTER DATABASE ${name} OWNER TO plain_owner`)
    })
    const own = Object.assign(new URL(url), { username: 'plain_owner', password: 'secret' }).toString()
    await migrate(own)
    const db = openDb({ url: own, applicationName: 'x' })
    expect((await db.apiPool.query('SELECT current_user AS role')).rows).toEqual([{ role: 'towline_api' }])
    expect((await db.enginePool.query("SELECT towline_ensure_partitions('2030-01-01', 1) AS made")).rows).toEqual([{ made: 2 }])
    await db.close()
    // The owner sees all rows although row-level security is forced upon owners: data migrations need it.
    await withClient(own, async (client) => {
      await client.query("INSERT INTO workspace (id, slug, name) VALUES (gen_random_uuid(), 'a', 'A')")
      expect((await client.query('SELECT slug FROM workspace')).rows).toEqual([{ slug: 'a' }])
    })
  })

  it('applies a migration wholly or not at all, and says in one line what PostgreSQL said', async () => {
    await addMigration('0900_broken', 'CREATE TABLE half (id int);\nSELECT no_such_function();')
    await expect(migrate(url, { migrationsDir: folder })).rejects.toThrow(
      /^The database .* could not be migrated: function no_such_function\(\) does not exist$/,
    )
    await withClient(url, async (client) => {
      expect((await client.query("SELECT to_regclass('half') AS half, to_regclass('run') IS NOT NULL AS run")).rows).toEqual([
        { half: null, run: true },
      ])
    })
    await expect(migrate(url, { migrationsDir: folder })).rejects.toThrow('0900_broken failed earlier')
  })

  it('refuses a database that a newer version has migrated', async () => {
    await addMigration('0900_future', 'SELECT 1;')
    await migrate(url, { migrationsDir: folder })
    await expect(migrate(url)).rejects.toThrow('The database is newer than this Towline: it has 0900_future')
  })

  it('refuses a database whose history has another text', async () => {
    await migrate(url, { migrationsDir: folder })
    await writeFile(join(folder, '0001_init', 'migration.sql'), 'SELECT 2;')
    await expect(migrate(url, { migrationsDir: folder })).rejects.toThrow('0001_init was applied with another text')
  })

  it('says in one line which database cannot be reached, without its password', async () => {
    const error = await migrate('postgresql://someone:hush@127.0.0.1:1/none').catch((failure: Error) => failure.message)
    expect(error).toMatch(/^The database 127\.0\.0\.1:1\/none cannot be reached: .*ECONNREFUSED/)
    expect(error).not.toContain('hush')
  })

  const listAll = async (): Promise<string[]> =>
    withClient(url, async (client) =>
      (await client.query<{ name: string }>('SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1')).rows.map(
        (row) => row.name,
      ),
    )
})
