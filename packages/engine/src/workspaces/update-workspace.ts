import { tenantPrisma } from '@towline/db/tenant-prisma'
import type { EngineContext } from '../context.ts'

type Input = { workspaceId: string; name: string }

export const updateWorkspace = (ctx: EngineContext, { workspaceId, name }: Input): Promise<{ id: string; slug: string; name: string }> =>
  tenantPrisma(ctx.db, workspaceId, (prisma) =>
    prisma.workspace.update({ where: { id: workspaceId }, data: { name }, select: { id: true, slug: true, name: true } }),
  )
