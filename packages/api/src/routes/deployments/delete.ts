import { deleteDeployment } from '@towline/engine/deployments/delete-deployment'
import { workspaceProcedure } from '../../trpc.ts'
import { byName } from '../by-name.ts'

export const remove = workspaceProcedure('deployments.manage')
  .input(byName)
  .mutation(async ({ ctx, input }): Promise<{ name: string }> => {
    await deleteDeployment(ctx.engine, { workspaceId: ctx.tenant.id, ...input })
    return { name: input.name }
  })
