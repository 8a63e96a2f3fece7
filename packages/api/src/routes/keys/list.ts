import type { KeyView } from '@towline/contract/views'
import { listKeys } from '@towline/engine/keys/list-keys'
import { workspaceProcedure } from '../../trpc.ts'

export const list = workspaceProcedure('keys.read').query(
  ({ ctx }): Promise<KeyView[]> => listKeys(ctx.engine, { workspaceId: ctx.tenant.id }),
)
