import type { KeyView } from '@towline/contract/views'
import { may } from '@towline/core/access/may'
import { revokeKey } from '@towline/engine/keys/revoke-key'
import { workspaceProcedure } from '../../trpc.ts'
import { byId } from '../by-id.ts'

/** Your own keys, or with keys.manage all of the workspace. */
export const revoke = workspaceProcedure('keys.revoke-own')
  .input(byId)
  .mutation(
    ({ ctx, input }): Promise<KeyView> =>
      revokeKey(ctx.engine, {
        workspaceId: ctx.tenant.id,
        id: input.id,
        onlyOfUser: may(ctx.tenant.role, 'keys.manage') ? null : ctx.tenant.userId,
      }),
  )
