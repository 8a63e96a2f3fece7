import { limitRateSchema, limitSlotsSchema, type RehearsalView } from '@towline/contract/limit-views'
import { rehearse as rehearseLimit } from '@towline/engine/limits/rehearse'
import { workspaceProcedure } from '../../trpc.ts'
import { byLimit } from './limit-input.ts'

/** What a setting would have done to the last 24 hours. It changes nothing, and the limit need not exist. */
export const rehearse = workspaceProcedure('limits.read')
  .input(byLimit.extend({ slots: limitSlotsSchema, rate: limitRateSchema.nullable() }))
  .query(({ ctx, input }): Promise<RehearsalView> => rehearseLimit(ctx.engine, { workspaceId: ctx.tenant.id, ...input }))
