import type { Prisma } from './generated/client.ts'
import type { Db } from './open-db.ts'

export type PrismaTx = Prisma.TransactionClient

/** Prisma for one workspace's pages and settings: row-level security shows and takes its rows only. */
export const tenantPrisma = <T>(db: Db, workspaceId: string, fn: (tx: PrismaTx) => Promise<T>): Promise<T> =>
  db.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT set_config('towline.workspace_id', ${workspaceId}::uuid::text, true)`
    return await fn(tx)
  })

/** Prisma for what belongs to no workspace, or is looked up before one is known: users, accounts, sign-in, keys by hash, slugs. */
export const globalPrisma = <T>(db: Db, fn: (tx: PrismaTx) => Promise<T>): Promise<T> => db.enginePrisma.$transaction(fn)
