import { tenantPrisma } from '@towline/db/tenant-prisma'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'

type Input = { workspaceId: string; name: string }

export const updateWorkspace = (ctx: EngineContext, { workspaceId, name }: Input): Promise<{ id: string; slug: string; name: string }> =>
  tenantPrisma(ctx.db, workspaceId, async (prisma) => {
    const before = await prisma.workspace.findUniqueOrThrow({ where: { id: workspaceId }, select: { name: true } })
    const after = await prisma.workspace.update({
      where: { id: workspaceId },
      data: { name },
      select: { id: true, slug: true, name: true },
    })
    const subject = { kind: 'workspace' as const, id: workspaceId, name: after.slug }
    const change = { text: `renamed the workspace ${before.name} to ${name}`, before, after: { name } }
    await recordChange(ctx, prisma, { workspaceId, action: 'workspace.change', subject, ...change })
    return after
  })
