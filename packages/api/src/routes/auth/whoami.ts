import type { WhoamiView } from '@towline/contract/views'
import { listWorkspaces } from '@towline/engine/workspaces/list-workspaces'
import { findTenant } from '../../find-tenant.ts'
import { signedInProcedure } from '../../trpc.ts'

export const whoami = signedInProcedure.query(async ({ ctx }): Promise<WhoamiView> => {
  const [tenant, workspaces] = await Promise.all([findTenant(ctx, ctx.caller), listWorkspaces(ctx.engine, { userId: ctx.caller.user.id })])
  const { caller } = ctx
  return {
    user: caller.user,
    key: caller.kind === 'key' ? { ...caller.key, kind: 'user' } : null,
    workspace: tenant === null ? null : { id: tenant.id, slug: tenant.slug, name: tenant.name, role: tenant.role },
    // A key reaches one workspace only, so it does not tell of the others.
    workspaces: caller.kind === 'key' ? workspaces.filter((workspace) => workspace.id === caller.workspaceId) : workspaces,
  }
})
