import type { DeploymentDetail } from '@towline/contract/views'
import { getDeployment } from '@towline/engine/deployments/get-deployment'
import { workspaceProcedure } from '../../trpc.ts'
import { byName } from '../by-name.ts'

export const get = workspaceProcedure('deployments.read')
  .input(byName)
  .query(({ ctx, input }): Promise<DeploymentDetail> => getDeployment(ctx.engine, { workspaceId: ctx.tenant.id, ...input }))
