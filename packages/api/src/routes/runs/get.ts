import type { RunDetail } from '@towline/contract/views'
import { getRun } from '@towline/engine/run-views/get-run'
import { workspaceProcedure } from '../../trpc.ts'
import { runRef } from './run-ref.ts'

export const get = workspaceProcedure('runs.read')
  .input(runRef)
  .query(({ ctx, input }): Promise<RunDetail> => getRun(ctx.engine, { workspaceId: ctx.tenant.id, ref: input.id }))
