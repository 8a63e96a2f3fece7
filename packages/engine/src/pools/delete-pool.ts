import { AppError } from '@towline/contract/app-error'
import type { JobVariables } from '@towline/contract/run-spec'
import { tenantPrisma } from '@towline/db/tenant-prisma'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { poolFacts } from './pool-facts.ts'
import { poolNotFound } from './pool-not-found.ts'

type Input = { workspaceId: string; name: string }

/** Takes its queues, agents and agent keys with it, so it is refused while a deployment sends runs there. */
export const deletePool = async (ctx: EngineContext, { workspaceId, name }: Input): Promise<void> => {
  const { id, keyIds } = await tenantPrisma(ctx.db, workspaceId, async (prisma) => {
    const pool = await prisma.workPool.findUnique({
      where: { workspaceId_name: { workspaceId, name } },
      include: { deployments: { select: { name: true }, orderBy: { name: 'asc' }, take: 6 }, apiKeys: { select: { id: true } } },
    })
    if (pool === null) throw poolNotFound(name)
    if (pool.deployments.length > 0) {
      const shown = pool.deployments.slice(0, 5).map((deployment) => deployment.name)
      const more = pool.deployments.length > 5 ? ' and more' : ''
      throw new AppError(
        'conflict',
        `Deployments use this pool: ${shown.join(', ')}${more}. Delete them or register them with another pool first.`,
      )
    }
    await prisma.workPool.delete({ where: { workspaceId_id: { workspaceId, id: pool.id } } })
    await recordChange(ctx, prisma, {
      workspaceId,
      action: 'pool.delete',
      subject: { kind: 'pool', id: pool.id, name },
      text: `deleted the work pool ${name} with its queues and agent keys`,
      before: { type: pool.type, ...poolFacts({ description: pool.description, variables: pool.variables as JobVariables }) },
    })
    return { id: pool.id, keyIds: pool.apiKeys.map((key) => key.id) }
  })
  ctx.bus.publish('pool', [id])
  if (keyIds.length > 0) ctx.bus.publish('key', keyIds)
  noticeWorkspace(ctx, workspaceId, 'pools', 'agents')
}
