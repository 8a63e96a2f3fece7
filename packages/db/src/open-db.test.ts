import { until } from '@towline/service/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDb } from './open-db.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'
import { isTransientDbError } from './transient-error.ts'

describe('openDb', () => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await createTestDatabase()
  })
  afterAll(() => test.drop())

  it('refuses what is no address, without repeating it', () => {
    for (const url of ['secret', 'postgres://u:secret/7@127.0.0.1:5432/db', 'mysql://u:secret@127.0.0.1/db']) {
      const open = () => openDb({ url, applicationName: 'x' })
      expect(open).toThrow('not the address of a PostgreSQL')
      expect(open).not.toThrow('secret')
    }
  })

  it('gives each pool its role, which owns nothing', async () => {
    const ask = 'SELECT current_user AS role, (SELECT count(*) FROM pg_tables WHERE tableowner = current_user) AS owns'
    expect((await test.db.enginePool.query(ask)).rows).toEqual([{ role: 'towline_engine', owns: 0 }])
    expect((await test.db.apiPool.query(ask)).rows).toEqual([{ role: 'towline_api', owns: 0 }])
  })

  it('keeps its role when the address brings options of its own', async () => {
    const db = openDb({ url: `${test.url}?options=${encodeURIComponent('-c work_mem=5MB -c role=postgres')}`, applicationName: 'x' })
    const { rows } = await db.apiPool.query("SELECT current_user AS role, current_setting('work_mem') AS memory")
    expect(rows).toEqual([{ role: 'towline_api', memory: '5MB' }])
    await db.close()
  })

  it('bounds statements, lock waits and idle transactions', async () => {
    const settings = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
    const { rows } = await test.db.enginePool.query('SELECT name, setting FROM pg_settings WHERE name = ANY($1) ORDER BY name', [settings])
    expect(rows.map(({ setting }) => setting)).toEqual(['10000', '10000', '30000'])
  })

  it('reads counts as numbers, dates as text, times as Date, and refuses to round a bigint', async () => {
    const { rows } = await test.db.enginePool.query(
      "SELECT count(*) AS n, '2026-03-01'::date AS d, '2026-03-01T10:00Z'::timestamptz AS t FROM pg_class WHERE false",
    )
    expect(rows).toEqual([{ n: 0, d: '2026-03-01', t: new Date('2026-03-01T10:00:00Z') }])
    await expect(test.db.enginePool.query('SELECT 9007199254740993')).rejects.toThrow('does not fit')
  })

  it('lives on when PostgreSQL ends its connections, in use and idle', async () => {
    const { db } = test
    const busy = await db.enginePool.connect()
    await Promise.all([db.apiPool.query('SELECT 1'), busy.query('SELECT 1')])
    const underWay = busy.query('SELECT pg_sleep(20)').catch((error: unknown) => error)
    const killer = openDb({ url: test.url, applicationName: 'killer' })
    await until(
      async () =>
        (await killer.enginePool.query("SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)' AND pid <> pg_backend_pid()"))
          .rowCount,
    )
    await killer.close()
    const { default: pg } = await import('pg')
    const admin = new pg.Client({ connectionString: test.url })
    await admin.connect()
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test'",
    )
    await admin.end()
    expect(isTransientDbError(await underWay)).toBe(true)
    busy.release(true)
    expect((await until(() => db.apiPool.query('SELECT 1 AS one'))).rows).toEqual([{ one: 1 }])
  })

  it('opens without a database, and says so at the first query', async () => {
    const db = openDb({ url: 'postgresql://nobody@127.0.0.1:1/none', applicationName: 'x' })
    const error = await db.enginePool.query('SELECT 1').catch((failure: unknown) => failure)
    expect(isTransientDbError(error)).toBe(true)
    await db.close()
  })
})
