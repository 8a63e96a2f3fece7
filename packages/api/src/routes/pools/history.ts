import type { RunBar } from '@towline/contract/views'
import { poolHistory } from '@towline/engine/pools/pool-history'
import { workspaceProcedure } from '../../trpc.ts'
import { byName } from '../by-name.ts'

/** The last runs of the pool, newest last. */
export const history = workspaceProcedure('pools.read')
  .input(byName)
  .query(({ ctx, input }): Promise<RunBar[]> => poolHistory(ctx.engine, { workspaceId: ctx.tenant.id, ...input }))
