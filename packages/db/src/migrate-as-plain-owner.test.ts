import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Embedded, startEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { openDb } from './open-db.ts'

/** As on a managed PostgreSQL: no superuser anywhere. On a cluster of its own, because roles belong to a whole cluster. */
describe('migrate as an owner who is no superuser', { timeout: 60_000 }, () => {
  let dataDir: string
  let embedded: Embedded
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'towline-plain-owner-'))
    const log = { info: () => {}, debug: () => {}, warn: () => {} }
    embedded = await startEmbedded({ dataDir, profile: 'fast', maxConnections: 30, database: 'postgres', log })
  })
  afterAll(async () => {
    await embedded.stop()
    await rm(dataDir, { recursive: true })
  })

  const asAdmin = async (...statements: string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: embedded.url })
    await client.connect()
    for (const sql of statements) await client.query(sql)
    await client.end()
  }
  const urlOf = (user: string, database: string): string =>
    Object.assign(new URL(embedded.url), { username: user, password: 'pw', pathname: `/${database}` }).toString()

  it('says what an administrator has to run when the owner may not create roles', async () => {
    await asAdmin("CREATE ROLE powerless LOGIN PASSWORD 'pw'", 'CREATE DATABASE first OWNER powerless')
    await expect(migrate(urlOf('powerless', 'first'))).rejects.toThrow(
      'The database user powerless may not create roles. As an administrator run: CREATE ROLE towline_api NOLOGIN; CREATE ROLE towline_engine NOLOGIN; GRANT towline_api, towline_engine TO powerless',
    )
  })

  it('makes the roles itself when it may, for two databases at once, and works under them', async () => {
    await asAdmin(
      "CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'pw'",
      'CREATE DATABASE second OWNER owner',
      'CREATE DATABASE third OWNER owner',
    )
    await Promise.all([migrate(urlOf('owner', 'second')), migrate(urlOf('owner', 'third'))])
    const db = openDb({ url: urlOf('owner', 'third'), applicationName: 'x' })
    expect((await db.apiPool.query('SELECT (SELECT current_user) AS role, count(*) AS n FROM run')).rows).toEqual([
      { role: 'towline_api', n: 0 },
    ])
    expect((await db.enginePool.query('SELECT (SELECT current_user) AS role, count(*) AS n FROM run')).rows).toEqual([
      { role: 'towline_engine', n: 0 },
    ])
    await db.close()
  })
})
