import { type RetriedView, retryModeSchema } from '@towline/contract/views'
import { getRunSummary } from '@towline/engine/run-views/get-run-summary'
import { resolveRun } from '@towline/engine/run-views/resolve-run'
import { retryRun } from '@towline/engine/runs/retry-run'
import { workspaceProcedure } from '../../trpc.ts'
import { runRef } from './run-ref.ts'

/** `from-failed` takes over the results of tasks that finished, and is refused when there are none. */
export const retry = workspaceProcedure('runs.retry')
  .input(runRef.extend({ mode: retryModeSchema.default('all') }))
  .mutation(async ({ ctx, input }): Promise<RetriedView> => {
    const workspaceId = ctx.tenant.id
    const runId = await resolveRun(ctx.engine, { workspaceId, ref: input.id })
    const { reusable } = await retryRun(ctx.engine, { workspaceId, runId, actor: ctx.tenant.actor, mode: input.mode })
    return { ...(await getRunSummary(ctx.engine, { workspaceId, runId })), reusable }
  })
