import type { GuideView } from '@towline/contract/views'
import { getGuide } from '@towline/engine/guide/get-guide'
import { workspaceProcedure } from '../../trpc.ts'

export const get = workspaceProcedure('workspace.read').query(
  ({ ctx }): Promise<GuideView> => getGuide(ctx.engine, { workspaceId: ctx.tenant.id }),
)
