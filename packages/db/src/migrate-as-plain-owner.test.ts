import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@towline/service/new-id'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
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

  it('drops a day under them, and keeps what is asked for', async () => {
    await asAdmin("CREATE ROLE fourth LOGIN CREATEROLE PASSWORD 'pw'", 'CREATE DATABASE fourth OWNER fourth')
    await asAdmin('GRANT towline_api, towline_engine TO fourth')
    await migrate(urlOf('fourth', 'fourth'))
    const db = openDb({ url: urlOf('fourth', 'fourth'), applicationName: 'x' })
    onTestFinished(() => db.close())
    const [kept, gone] = [newId(), newId()]
    await db.enginePool.query("SELECT towline_ensure_partitions('2025-03-10', 1)")
    await db.enginePool.query(
      "INSERT INTO run_event (run_day, run_id, seq, workspace_id, at, kind, attempt) SELECT '2025-03-10', id, 1, id, now(), 'note', 0 FROM unnest($1::uuid[]) AS id",
      [[kept, gone]],
    )
    const dropped = await db.enginePool.query("SELECT towline_drop_day('run_event', '2025-03-10', $1, 1) AS dropped", [[kept]])
    expect(dropped.rows).toEqual([{ dropped: true }])
    expect((await db.enginePool.query('SELECT run_id, tableoid::regclass::text AS partition FROM run_event')).rows).toEqual([
      { run_id: kept, partition: 'run_event_default' },
    ])
  })
})
