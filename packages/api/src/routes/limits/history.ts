import type { LimitHistory } from '@towline/contract/limit-views'
import { limitHistory } from '@towline/engine/limits/limit-history'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'
import { byLimit } from './limit-input.ts'

/** Use and wait over the last hours. */
export const history = workspaceProcedure('limits.read')
  .input(byLimit.extend({ hours: z.int().min(1).max(24).default(24) }))
  .query(({ ctx, input }): Promise<LimitHistory> => limitHistory(ctx.engine, { workspaceId: ctx.tenant.id, ...input }))
