import { type LimitView, limitInputSchema } from '@towline/contract/limit-views'
import { setLimit } from '@towline/engine/limits/set-limit'
import { workspaceProcedure } from '../../trpc.ts'

/** Makes the limit of a subject or changes it; what is left out stays as it is. */
export const set = workspaceProcedure('limits.set')
  .input(limitInputSchema)
  .mutation(({ ctx, input }): Promise<LimitView> => setLimit(ctx.engine, { workspaceId: ctx.tenant.id, actor: ctx.tenant.actor, ...input }))
