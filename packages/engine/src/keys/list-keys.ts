import type { KeyView } from '@towline/contract/views'
import { tenantPrisma } from '@towline/db/tenant-prisma'
import type { EngineContext } from '../context.ts'
import { keySelect, keyView } from './key-view.ts'

/** Newest first. Revoked keys stay on the list, so that a refused agent can be explained. */
export const listKeys = async (ctx: EngineContext, { workspaceId }: { workspaceId: string }): Promise<KeyView[]> => {
  const rows = await tenantPrisma(ctx.db, workspaceId, (prisma) =>
    prisma.apiKey.findMany({ where: { workspaceId }, orderBy: { id: 'desc' }, take: 1000, select: keySelect }),
  )
  return rows.map(keyView)
}
