import type { WorkspaceView } from '@towline/contract/views'
import { updateWorkspace } from '@towline/engine/workspaces/update-workspace'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'

export const update = workspaceProcedure('workspace.update')
  .input(z.strictObject({ name: z.string().trim().min(1, 'a workspace has a name').max(80) }))
  .mutation(async ({ ctx, input }): Promise<WorkspaceView> => {
    const updated = await updateWorkspace(ctx.engine, { workspaceId: ctx.tenant.id, name: input.name })
    return { ...updated, role: ctx.tenant.role }
  })
