import type { WorkspaceView } from '@towline/contract/views'
import { listWorkspaces } from '@towline/engine/workspaces/list-workspaces'
import { signedInProcedure } from '../../trpc.ts'

/** Those of the person; a key sees its own only. */
export const list = signedInProcedure.query(async ({ ctx }): Promise<WorkspaceView[]> => {
  const { caller } = ctx
  const all = await listWorkspaces(ctx.engine, { userId: caller.user.id })
  return caller.kind === 'key' ? all.filter((workspace) => workspace.id === caller.workspaceId) : all
})
