import { type LimitView, limitKindSchema } from '@towline/contract/limit-views'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'
import { listLimits } from './verbs.ts'

/** Pools, queues, deployments, then tags, each by name. */
export const list = workspaceProcedure('limits.read')
  .input(z.strictObject({ kind: limitKindSchema.optional() }).optional())
  .query(({ ctx, input }): Promise<LimitView[]> => listLimits(ctx.engine, { workspaceId: ctx.tenant.id, kind: input?.kind }))
