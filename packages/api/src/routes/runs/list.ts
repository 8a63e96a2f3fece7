import { type Page, type RunSummary, runFilterSchema } from '@towline/contract/views'
import { listRuns } from '@towline/engine/run-views/list-runs'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'

const input = z
  .strictObject({ filter: runFilterSchema.default({}), cursor: z.uuid().nullish(), limit: z.int().min(1).max(200).default(50) })
  .prefault({})

export const list = workspaceProcedure('runs.read')
  .input(input)
  .query(
    ({ ctx, input }): Promise<Page<RunSummary>> =>
      listRuns(ctx.engine, { workspaceId: ctx.tenant.id, filter: input.filter, cursor: input.cursor ?? null, limit: input.limit }),
  )
