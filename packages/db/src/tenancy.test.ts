import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertSample, type Row, readTables, type Table } from './tenancy/sample-rows.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'
import { tenantTransaction } from './transaction.ts'

/**
 * Walks every table of the migrated database that has a workspace_id (and `workspace` itself): nobody needs to remember a
 * new table here, it is red until it is fenced.
 */
describe('tenancy', () => {
  let test: TestDatabase
  const [a, b] = [newId(), newId()]
  const rowsOfB = new Map<string, Row>()
  let tables: Table[]

  beforeAll(async () => {
    test = await createTestDatabase()
    tables = await readTables(test.db)
    await insertSample(test.db, tables, a)
    for (const [table, row] of await insertSample(test.db, tables, b)) rowsOfB.set(table, row)
  })
  afterAll(() => test.drop())

  const forEachTable = async (check: (table: Table, row: Row) => Promise<void>): Promise<void> => {
    for (const table of tables) await check(table, rowsOfB.get(table.name) as Row)
  }
  const asA = <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
    tenantTransaction(test.db, a, async (tx) => (await tx.query(sql, values)).rows as T[])

  it('finds the tables and has a row of each tenant in every one', async () => {
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['workspace', 'membership', 'run', 'run_event', 'log_line', 'bundle']),
    )
    await forEachTable(async ({ name, tenantColumn }) => {
      const { rows } = await test.db.enginePool.query(`SELECT count(*) AS n FROM "${name}" WHERE "${tenantColumn}" = ANY($1)`, [[a, b]])
      expect(rows[0].n, name).toBeGreaterThanOrEqual(2)
    })
  })

  it('holds every table, and every partition, to its policies by force', async () => {
    const { rows } = await test.db.enginePool.query(`
      SELECT c.relname FROM pg_class c JOIN pg_attribute att ON att.attrelid = c.oid AND att.attname = 'workspace_id'
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'login_request'
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`)
    expect(rows).toEqual([])
  })

  it('gives the API role the four row privileges at most, none on a partition, and none on people', async () => {
    const { rows } = await test.db.enginePool.query<{ name: string; privilege: string; partition: boolean }>(`
      SELECT c.relname AS name, acl.privilege_type AS privilege, c.relispartition AS partition
      FROM pg_class c, aclexplode(c.relacl) acl WHERE acl.grantee IN (0, 'towline_api'::regrole) AND c.relnamespace = 'public'::regnamespace`)
    const people = ['user', 'account', 'login_request', '_prisma_migrations']
    const bad = rows.filter(
      ({ name, privilege, partition }) =>
        partition || people.includes(name) || !['SELECT', 'INSERT', 'UPDATE', 'DELETE'].includes(privilege),
    )
    expect(bad).toEqual([])
  })

  it('shows a workspace its own rows and no others', async () => {
    await forEachTable(async ({ name, tenantColumn }) => {
      const seen = await asA<{ tenant: string }>(`SELECT DISTINCT "${tenantColumn}" AS tenant FROM "${name}"`)
      expect(seen, name).toEqual([{ tenant: a }])
    })
  })

  it('shows nothing without a workspace, also on a connection that had one before', async () => {
    await forEachTable(async ({ name }) => {
      await asA(`SELECT FROM "${name}"`)
      const { rows } = await test.db.apiPool.query(`SELECT count(*) AS n FROM "${name}"`)
      expect(rows, name).toEqual([{ n: 0 }])
    })
  })

  it('lets nobody change or delete a row of another workspace', async () => {
    await forEachTable(async ({ name, tenantColumn, privileges }) => {
      const column = `"${tenantColumn}"`
      if (privileges.includes('UPDATE')) {
        expect(await asA(`UPDATE "${name}" SET ${column} = ${column} WHERE ${column} = $1 RETURNING 1`, [b]), name).toEqual([])
      }
      if (privileges.includes('DELETE')) {
        expect(await asA(`DELETE FROM "${name}" WHERE ${column} = $1 RETURNING 1`, [b]), name).toEqual([])
      }
    })
  })

  it('lets nobody put a row into another workspace, neither by insert nor by moving their own', async () => {
    await forEachTable(async ({ name, tenantColumn, privileges }, row) => {
      const columns = Object.keys(row)
      const insert = `INSERT INTO "${name}" (${columns.map((c) => `"${c}"`).join(', ')}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')})`
      await expect(asA(insert, Object.values(row)), name).rejects.toThrow(/row-level security|permission denied/)
      if (!privileges.includes('UPDATE')) return
      await expect(asA(`UPDATE "${name}" SET "${tenantColumn}" = $1`, [b]), name).rejects.toThrow(/row-level security/)
    })
  })

  it('goes red for a new table that nobody fenced', async () => {
    const { default: pg } = await import('pg')
    const owner = new pg.Client({ connectionString: test.url })
    await owner.connect()
    await owner.query('CREATE TABLE forgotten (id uuid PRIMARY KEY, workspace_id uuid NOT NULL)')
    const found = (await readTables(test.db)).find(({ name }) => name === 'forgotten')
    await owner.query('DROP TABLE forgotten')
    await owner.end()
    expect(found).toMatchObject({ forced: false })
  })
})
