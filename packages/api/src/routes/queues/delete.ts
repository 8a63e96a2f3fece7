import { deleteQueue } from '@towline/engine/queues/delete-queue'
import { workspaceProcedure } from '../../trpc.ts'
import { byQueue } from './by-queue.ts'

export const remove = workspaceProcedure('pools.manage')
  .input(byQueue)
  .mutation(async ({ ctx, input }): Promise<{ name: string }> => {
    await deleteQueue(ctx.engine, { workspaceId: ctx.tenant.id, ...input })
    return { name: input.name }
  })
