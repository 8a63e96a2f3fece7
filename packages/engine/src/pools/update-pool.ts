import type { JobVariables, PoolType } from '@towline/contract/run-spec'
import type { PoolDetail } from '@towline/contract/views'
import { tenantPrisma } from '@towline/db/tenant-prisma'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { checkVariables } from './check-variables.ts'
import { getPool } from './get-pool.ts'
import { poolNotFound } from './pool-not-found.ts'

type Input = { workspaceId: string; name: string; description?: string; variables?: JobVariables; paused?: boolean }

/** What is left out stays as it is. A pause keeps new runs from starting; those that run go on. */
export const updatePool = async (ctx: EngineContext, { workspaceId, name, description, variables, paused }: Input): Promise<PoolDetail> => {
  const now = ctx.clock.now()
  const id = await tenantPrisma(ctx.db, workspaceId, async (prisma) => {
    const pool = await prisma.workPool.findUnique({ where: { workspaceId_name: { workspaceId, name } } })
    if (pool === null) throw poolNotFound(name)
    if (variables !== undefined) checkVariables(pool.type as PoolType, variables)
    const pausedAt = paused === undefined ? undefined : paused ? (pool.pausedAt ?? now) : null
    await prisma.workPool.update({ where: { workspaceId_id: { workspaceId, id: pool.id } }, data: { description, variables, pausedAt } })
    return pool.id
  })
  ctx.bus.publish('pool', [id])
  noticeWorkspace(ctx, workspaceId, 'pools')
  return getPool(ctx, { workspaceId, name })
}
