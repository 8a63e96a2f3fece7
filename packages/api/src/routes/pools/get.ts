import type { PoolDetail } from '@towline/contract/views'
import { getPool } from '@towline/engine/pools/get-pool'
import { workspaceProcedure } from '../../trpc.ts'
import { byName } from '../by-name.ts'

export const get = workspaceProcedure('pools.read')
  .input(byName)
  .query(({ ctx, input }): Promise<PoolDetail> => getPool(ctx.engine, { workspaceId: ctx.tenant.id, ...input }))
