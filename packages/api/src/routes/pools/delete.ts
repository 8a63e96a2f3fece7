import { deletePool } from '@towline/engine/pools/delete-pool'
import { workspaceProcedure } from '../../trpc.ts'
import { byName } from '../by-name.ts'

export const remove = workspaceProcedure('pools.manage')
  .input(byName)
  .mutation(async ({ ctx, input }): Promise<{ name: string }> => {
    await deletePool(ctx.engine, { workspaceId: ctx.tenant.id, ...input })
    return { name: input.name }
  })
