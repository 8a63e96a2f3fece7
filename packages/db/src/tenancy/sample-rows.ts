import { randomBytes } from 'node:crypto'
import { newId } from '@towline/service/new-id'
import type { Db } from '../open-db.ts'

type Column = { name: string; type: string; required: boolean }
type ForeignKey = { columns: string[]; target: string; targetColumns: string[] }
export type Table = {
  name: string
  tenantColumn: string
  forced: boolean
  columns: Column[]
  foreignKeys: ForeignKey[]
  privileges: string[]
}
export type Row = Record<string, unknown>

const readTablesSql = `
  SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
    (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL), 'required', a.attnotnull AND NOT a.atthasdef))
       FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    coalesce((SELECT json_agg(json_build_object('target', k.confrelid::regclass::text,
        'columns', (SELECT json_agg(a.attname ORDER BY i) FROM unnest(k.conkey) WITH ORDINALITY u(num, i) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = num),
        'targetColumns', (SELECT json_agg(a.attname ORDER BY i) FROM unnest(k.confkey) WITH ORDINALITY u(num, i) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = num)))
       FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'), '[]') AS "foreignKeys",
    (SELECT coalesce(json_agg(p), '[]') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p WHERE has_table_privilege('towline_api', c.oid, p)) AS privileges
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> '_prisma_migrations'
  ORDER BY c.relname`

const isTenant = ({ name, columns }: Pick<Table, 'name' | 'columns'>): boolean =>
  name === 'workspace' || (name !== 'login_request' && columns.some((column) => column.name === 'workspace_id'))

/** Every tenant table, from the catalogue. */
export const readTables = async (db: Db): Promise<Table[]> => (await readAllTables(db)).filter(isTenant)

const readAllTables = async (db: Db): Promise<Table[]> => {
  const { rows } = await db.enginePool.query<Omit<Table, 'tenantColumn'>>(readTablesSql)
  return rows.map((row) => ({ ...row, tenantColumn: row.name === 'workspace' ? 'id' : 'workspace_id' }))
}

/** Values that satisfy what the constraints ask; any other column is filled by its type. */
const wanted: Record<string, Row> = {
  membership: { role: 'viewer' },
  api_key: { kind: 'agent' },
  work_pool: { type: 'process' },
  run: { state_type: 'SCHEDULED', state_name: 'Scheduled' },
  attempt: { number: 1 },
  task_run: { state: 'PENDING', attempt: 1 },
  run_event: { kind: 'note', seq: 1 },
  log_line: { stream: 'stdout', attempt: 1 },
  concurrency_limit: { kind: 'pool', queue_id: null, deployment_id: null },
  waiter: { hold: 'full' },
  audit_entry: { actor_kind: 'person', action: 'pool.pause' },
}
const bundleContent = Buffer.from('x')
const byName: Row = { size_bytes: bundleContent.length, content: bundleContent, sha256: 'a'.repeat(64) }

const byType: Record<string, () => unknown> = {
  uuid: () => newId(),
  text: () => randomBytes(6).toString('hex'),
  integer: () => 1,
  bigint: () => 1,
  'double precision': () => 1,
  boolean: () => false,
  jsonb: () => '{}',
  bytea: () => randomBytes(32),
  'timestamp with time zone': () => new Date(),
  date: () => new Date().toISOString().slice(0, 10),
  'text[]': () => [],
}

const referenced = async (db: Db, tables: Table[], key: ForeignKey, made: Map<string, Row>, tenant: string): Promise<Row> => {
  const target = key.target.replaceAll('"', '')
  const row = made.get(target) ?? (await insertRow(db, tables, tables.find(({ name }) => name === target) as Table, made, tenant))
  return Object.fromEntries(key.columns.map((column, i) => [column, row[key.targetColumns[i] as string]]))
}

const insertRow = async (db: Db, tables: Table[], table: Table, made: Map<string, Row>, tenant: string): Promise<Row> => {
  const known = made.get(table.name)
  if (known) return known
  const row: Row = {}
  for (const key of table.foreignKeys) Object.assign(row, await referenced(db, tables, key, made, tenant))
  for (const { name, type, required } of table.columns) {
    const asked = wanted[table.name]?.[name]
    const value = byName[name] ?? (required ? byType[type]?.() : undefined)
    if (asked !== undefined) row[name] = asked
    else if (!(name in row) && value !== undefined) row[name] = value
  }
  if (isTenant(table)) row[table.tenantColumn] = tenant
  const columns = Object.keys(row)
  const places = columns.map((_, i) => `$${i + 1}`).join(', ')
  await db.enginePool.query(
    `INSERT INTO "${table.name}" (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${places})`,
    Object.values(row),
  )
  made.set(table.name, row)
  return row
}

/** One row of the workspace in each tenant table, with whatever those rows refer to. */
export const insertSample = async (db: Db, tables: Table[], tenant: string): Promise<Map<string, Row>> => {
  const made = new Map<string, Row>()
  const all = await readAllTables(db)
  for (const table of tables) await insertRow(db, all, table, made, tenant)
  return made
}
