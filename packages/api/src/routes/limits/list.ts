import { type LimitView, limitKindSchema } from '@towline/contract/limit-views'
import { listLimits } from '@towline/engine/limits/list-limits'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'

/** Pools, queues, deployments, then tags, each by name. */
export const list = workspaceProcedure('limits.read')
  .input(z.strictObject({ kind: limitKindSchema.optional() }).optional())
  .query(({ ctx, input }): Promise<LimitView[]> => listLimits(ctx.engine, { workspaceId: ctx.tenant.id, kind: input?.kind }))
