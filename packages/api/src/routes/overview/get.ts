import type { OverviewView } from '@towline/contract/views'
import { getOverview } from '@towline/engine/overview/get-overview'
import { workspaceProcedure } from '../../trpc.ts'

export const get = workspaceProcedure('workspace.read').query(
  ({ ctx }): Promise<OverviewView> => getOverview(ctx.engine, { workspaceId: ctx.tenant.id }),
)
