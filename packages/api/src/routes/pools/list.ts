import type { PoolSummary } from '@towline/contract/views'
import { listPools } from '@towline/engine/pools/list-pools'
import { workspaceProcedure } from '../../trpc.ts'

export const list = workspaceProcedure('pools.read').query(
  ({ ctx }): Promise<PoolSummary[]> => listPools(ctx.engine, { workspaceId: ctx.tenant.id }),
)
