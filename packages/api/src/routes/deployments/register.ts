import { deploymentLimitSchema, type LimitPlan } from '@towline/contract/limit-views'
import { manifestSchema } from '@towline/contract/manifest'
import type { DeploymentSummary } from '@towline/contract/views'
import { registerDeployment } from '@towline/engine/deployments/register-deployment'
import { z } from 'zod'
import { requireRole, workspaceProcedure } from '../../trpc.ts'

export type Registered = {
  deployment: DeploymentSummary
  /** Number of the version that is current now (or would be, with dryRun). */
  version: number
  /** The deployment did not exist before. */
  created: boolean
  /** Something is other than before: a new version, or an older one made current again. */
  changed: boolean
  /** What becomes of its limit; null: nothing was said about it. */
  limit: LimitPlan | null
}

export const register = workspaceProcedure('deployments.manage')
  .input(z.strictObject({ manifest: manifestSchema, limit: deploymentLimitSchema.optional(), dryRun: z.boolean().optional() }))
  .mutation(({ ctx, input }): Promise<Registered> => {
    if (input.limit !== undefined) requireRole(ctx.tenant, 'limits.set')
    return registerDeployment(ctx.engine, {
      workspaceId: ctx.tenant.id,
      manifest: input.manifest,
      limit: input.limit,
      dryRun: input.dryRun ?? false,
      actor: ctx.tenant.actor,
    })
  })
