import { nameSchema } from '@towline/contract/ids'
import { jobVariablesSchema, poolTypeSchema } from '@towline/contract/run-spec'
import type { PoolDetail } from '@towline/contract/views'
import { createPool } from '@towline/engine/pools/create-pool'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'

const input = z.strictObject({
  name: nameSchema,
  type: poolTypeSchema,
  description: z.string().max(2000).optional(),
  variables: jobVariablesSchema.optional(),
})

export const create = workspaceProcedure('pools.manage')
  .input(input)
  .mutation(({ ctx, input }): Promise<PoolDetail> => createPool(ctx.engine, { workspaceId: ctx.tenant.id, ...input }))
