import type { DeploymentSummary } from '@towline/contract/views'
import { updateDeployment } from '@towline/engine/deployments/update-deployment'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'
import { byName } from '../by-name.ts'

export const update = workspaceProcedure('deployments.pause')
  .input(byName.extend({ paused: z.boolean().optional() }))
  .mutation(({ ctx, input }): Promise<DeploymentSummary> => updateDeployment(ctx.engine, { workspaceId: ctx.tenant.id, ...input }))
