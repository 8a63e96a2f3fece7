import { AppError } from '@towline/contract/app-error'
import type { JobVariables, PoolType } from '@towline/contract/run-spec'
import type { PoolDetail } from '@towline/contract/views'
import { tenantPrisma } from '@towline/db/tenant-prisma'
import { newId } from '@towline/service/new-id'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { isUniqueViolation } from '../unique-violation.ts'
import { checkVariables } from './check-variables.ts'
import { getPool } from './get-pool.ts'
import { poolFacts } from './pool-facts.ts'

type Input = { workspaceId: string; name: string; type: PoolType; description?: string; variables?: JobVariables }

/** A pool with the queue `default`, which every pool has. */
export const createPool = async (
  ctx: EngineContext,
  { workspaceId, name, type, description = '', variables = {} }: Input,
): Promise<PoolDetail> => {
  checkVariables(type, variables)
  const now = ctx.clock.now()
  const id = newId(now)
  try {
    await tenantPrisma(ctx.db, workspaceId, async (prisma) => {
      await prisma.workPool.create({ data: { id, workspaceId, name, type, description, variables, createdAt: now } })
      await prisma.queue.create({ data: { id: newId(now), workspaceId, poolId: id, name: 'default', createdAt: now } })
      const subject = { kind: 'pool' as const, id, name }
      const after = { type, ...poolFacts({ description, variables }) }
      await recordChange(ctx, prisma, { workspaceId, action: 'pool.create', subject, text: `created the ${type} work pool ${name}`, after })
    })
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError('already_exists', `There is a work pool ${name} already.`)
    throw error
  }
  noticeWorkspace(ctx, workspaceId, 'pools', 'guide')
  return getPool(ctx, { workspaceId, name })
}
