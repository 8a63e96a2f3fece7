import { jobVariablesSchema } from '@towline/contract/run-spec'
import type { PoolDetail } from '@towline/contract/views'
import { updatePool } from '@towline/engine/pools/update-pool'
import { z } from 'zod'
import { requireRole, workspaceProcedure } from '../../trpc.ts'
import { byName } from '../by-name.ts'

const input = byName.extend({
  description: z.string().max(2000).optional(),
  variables: jobVariablesSchema.optional(),
  paused: z.boolean().optional(),
})

/** Pausing is part of running things; the rest is management. */
export const update = workspaceProcedure('pools.pause')
  .input(input)
  .mutation(({ ctx, input }): Promise<PoolDetail> => {
    if (input.description !== undefined || input.variables !== undefined) requireRole(ctx.tenant, 'pools.manage')
    return updatePool(ctx.engine, { workspaceId: ctx.tenant.id, ...input })
  })
