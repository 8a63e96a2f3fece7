import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalPrisma, tenantPrisma } from './tenant-prisma.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'
import { engineTransaction, tenantTransaction } from './transaction.ts'

describe('transactions', () => {
  let test: TestDatabase
  const [a, b] = [newId(), newId()]
  beforeAll(async () => {
    test = await createTestDatabase({ maxConnections: 1 })
    await globalPrisma(test.db, (tx) =>
      tx.workspace.createMany({
        data: [
          { id: a, slug: 'a', name: 'A' },
          { id: b, slug: 'b', name: 'B' },
        ],
      }),
    )
  })
  afterAll(() => test.drop())

  const namesSeen = async (): Promise<string[]> =>
    (await test.db.enginePool.query('SELECT name FROM workspace ORDER BY slug')).rows.map((row) => row.name)

  it('see one workspace as a tenant and all as the engine', async () => {
    expect(await tenantTransaction(test.db, a, async (tx) => (await tx.query('SELECT slug FROM workspace')).rows)).toEqual([{ slug: 'a' }])
    expect(await engineTransaction(test.db, async (tx) => (await tx.query('SELECT slug FROM workspace')).rowCount)).toBe(2)
    expect(await tenantPrisma(test.db, b, (tx) => tx.workspace.findMany({ select: { slug: true } }))).toEqual([{ slug: 'b' }])
  })

  it('forget the workspace with their end, on the very same connection', async () => {
    await tenantTransaction(test.db, a, async (tx) => tx.query('SELECT 1'))
    await tenantPrisma(test.db, b, (tx) => tx.workspace.count())
    expect((await test.db.apiPool.query('SELECT slug FROM workspace')).rows).toEqual([])
    expect(await test.db.prisma.workspace.count()).toBe(0)
  })

  it('undo everything when the function throws, and the connection serves the next caller', async () => {
    const failing = engineTransaction(test.db, async (tx) => {
      await tx.query("UPDATE workspace SET name = 'gone'")
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await namesSeen()).toEqual(['A', 'B'])
    await expect(
      tenantPrisma(test.db, a, (tx) => tx.workspace.updateMany({ data: { name: 'x' } }).then(() => Promise.reject(new Error('no')))),
    ).rejects.toThrow('no')
    expect(await namesSeen()).toEqual(['A', 'B'])
  })

  it('throw a connection away that died in the middle, instead of handing it on', async () => {
    const dying = engineTransaction(test.db, (tx) => tx.query('SELECT pg_terminate_backend(pg_backend_pid())'))
    await expect(dying).rejects.toThrow()
    expect(await namesSeen()).toEqual(['A', 'B'])
  })

  it('take no workspace id that is not a UUID', async () => {
    await expect(tenantTransaction(test.db, "x'; DROP TABLE run; --", async () => 1)).rejects.toThrow('UUID')
    await expect(tenantPrisma(test.db, 'not-an-id', async () => 1)).rejects.toThrow()
  })
})
