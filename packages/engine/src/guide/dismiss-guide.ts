import { tenantPrisma } from '@towline/db/tenant-prisma'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'

/** Hides the getting-started page for everybody of the workspace; it stays reachable. */
export const dismissGuide = async (ctx: EngineContext, { workspaceId }: { workspaceId: string }): Promise<void> => {
  const guideDismissedAt = ctx.clock.now()
  await tenantPrisma(ctx.db, workspaceId, (prisma) =>
    prisma.workspace.updateMany({ where: { id: workspaceId, guideDismissedAt: null }, data: { guideDismissedAt } }),
  )
  noticeWorkspace(ctx, workspaceId, 'guide')
}
