import type { RunSummary } from '@towline/contract/views'
import { getRunSummary } from '@towline/engine/run-views/get-run-summary'
import { resolveRun } from '@towline/engine/run-views/resolve-run'
import { retryRun } from '@towline/engine/runs/retry-run'
import { workspaceProcedure } from '../../trpc.ts'
import { runRef } from './run-ref.ts'

export const retry = workspaceProcedure('runs.retry')
  .input(runRef)
  .mutation(async ({ ctx, input }): Promise<RunSummary> => {
    const workspaceId = ctx.tenant.id
    const runId = await resolveRun(ctx.engine, { workspaceId, ref: input.id })
    await retryRun(ctx.engine, { workspaceId, runId, actor: ctx.tenant.actor })
    return getRunSummary(ctx.engine, { workspaceId, runId })
  })
