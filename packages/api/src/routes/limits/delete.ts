import { deleteLimit } from '@towline/engine/limits/delete-limit'
import { workspaceProcedure } from '../../trpc.ts'
import { byLimit } from './limit-input.ts'

/** Holders go on; whoever waited for it is let in. */
export const remove = workspaceProcedure('limits.set')
  .input(byLimit)
  .mutation(async ({ ctx, input }): Promise<Record<string, never>> => {
    await deleteLimit(ctx.engine, { workspaceId: ctx.tenant.id, ...input })
    return {}
  })
