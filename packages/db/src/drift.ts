import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { findMigrationsDir } from './migrate.ts'
import { withSchemaEngine } from './schema-engine.ts'

/** Partitions are the migration's business: Prisma would take each for a table that schema.prisma forgot. */
const findPartitions = async (url: string): Promise<string[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relispartition AND c.relkind = 'r'",
    )
    return rows.map(({ name }) => name)
  } finally {
    await client.end()
  }
}

/**
 * The SQL that would bring a migrated database to what schema.prisma says; empty when the two agree. What Prisma has no words for
 * (partitions, partial indexes, policies, checks, functions) it neither sees nor complains about.
 */
export const findDrift = async (url: string, schemaPath?: string): Promise<string> => {
  const path = schemaPath ?? join(dirname(await findMigrationsDir()), 'schema.prisma')
  const content = await readFile(path, 'utf8')
  const filters = { externalTables: ['public._prisma_migrations', ...(await findPartitions(url))], externalEnums: [] }
  const files = [{ path: 'schema.prisma', content }]
  const { stdout } = await withSchemaEngine({ connectionString: url }, content, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: dirname(path) },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters,
    }),
  )
  const text = (stdout ?? '').trim()
  return text === '-- This is an empty migration.' ? '' : text
}
