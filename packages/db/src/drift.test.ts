import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDrift } from './drift.ts'
import { findMigrationsDir } from './migrate.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

describe('findDrift', () => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await createTestDatabase()
  })
  afterAll(() => test.drop())

  it('is empty: the migrations make what schema.prisma says', async () => {
    expect(await findDrift(test.url)).toBe('')
  })

  it('shows a column that only schema.prisma has', async () => {
    const schema = await readFile(join(dirname(await findMigrationsDir()), 'schema.prisma'), 'utf8')
    const path = join(tmpdir(), `drifted-${process.pid}.prisma`)
    await writeFile(path, schema.replace('  slug        String       @unique', '  slug        String       @unique\n  motto       String?'))
    expect(await findDrift(test.url, path)).toContain('ADD COLUMN     "motto" TEXT')
  })
})
