import type { JobVariables, PoolType } from '@towline/contract/run-spec'
import type { PoolDetail } from '@towline/contract/views'
import { tenantPrisma } from '@towline/db/tenant-prisma'
import { changeText } from '../audit/change-text.ts'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { checkVariables } from './check-variables.ts'
import { getPool } from './get-pool.ts'
import { poolFacts } from './pool-facts.ts'
import { poolNotFound } from './pool-not-found.ts'

type Input = { workspaceId: string; name: string; description?: string; variables?: JobVariables; paused?: boolean }

/** What is left out stays as it is. A pause keeps new runs from starting; those that run go on. */
export const updatePool = async (ctx: EngineContext, { workspaceId, name, description, variables, paused }: Input): Promise<PoolDetail> => {
  const now = ctx.clock.now()
  const id = await tenantPrisma(ctx.db, workspaceId, async (prisma) => {
    // Taken first, so that what the audit calls the state before is what this change meets.
    await prisma.workPool.updateMany({ where: { workspaceId, name }, data: { name } })
    const pool = await prisma.workPool.findUnique({ where: { workspaceId_name: { workspaceId, name } } })
    if (pool === null) throw poolNotFound(name)
    if (variables !== undefined) checkVariables(pool.type as PoolType, variables)
    const pausedAt = paused === undefined ? undefined : paused ? (pool.pausedAt ?? now) : null
    await prisma.workPool.update({ where: { workspaceId_id: { workspaceId, id: pool.id } }, data: { description, variables, pausedAt } })
    const was = { description: pool.description, variables: pool.variables as JobVariables, paused: pool.pausedAt !== null }
    const before = poolFacts(was)
    const after = poolFacts({
      description: description ?? was.description,
      variables: variables ?? was.variables,
      paused: paused ?? was.paused,
    })
    const switched = paused !== undefined && description === undefined && variables === undefined
    await recordChange(ctx, prisma, {
      workspaceId,
      action: switched ? (paused ? 'pool.pause' : 'pool.resume') : 'pool.change',
      subject: { kind: 'pool', id: pool.id, name },
      text: switched
        ? `${paused ? 'paused' : 'resumed'} the work pool ${name}`
        : `changed the work pool ${name}: ${changeText(before, after)}`,
      before,
      after,
    })
    return pool.id
  })
  ctx.bus.publish('pool', [id])
  noticeWorkspace(ctx, workspaceId, 'pools')
  return getPool(ctx, { workspaceId, name })
}
