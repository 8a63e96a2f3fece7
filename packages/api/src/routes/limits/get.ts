import type { LimitDetail } from '@towline/contract/limit-views'
import { getLimit } from '@towline/engine/limits/get-limit'
import { workspaceProcedure } from '../../trpc.ts'
import { byLimit } from './limit-input.ts'

/** With its holders, the oldest first, and its line. */
export const get = workspaceProcedure('limits.read')
  .input(byLimit)
  .query(({ ctx, input }): Promise<LimitDetail> => getLimit(ctx.engine, { workspaceId: ctx.tenant.id, ...input }))
