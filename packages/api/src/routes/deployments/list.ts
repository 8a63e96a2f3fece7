import type { DeploymentSummary } from '@towline/contract/views'
import { listDeployments } from '@towline/engine/deployments/list-deployments'
import { workspaceProcedure } from '../../trpc.ts'

export const list = workspaceProcedure('deployments.read').query(
  ({ ctx }): Promise<DeploymentSummary[]> => listDeployments(ctx.engine, { workspaceId: ctx.tenant.id }),
)
