import type { TaskRunView } from '@towline/contract/views'
import { listTaskRuns } from '@towline/engine/run-views/list-task-runs'
import { resolveRun } from '@towline/engine/run-views/resolve-run'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'
import { runRef } from './run-ref.ts'

/** The task runs of one attempt, or of all. */
export const tasks = workspaceProcedure('runs.read')
  .input(runRef.extend({ attempt: z.int().positive().optional() }))
  .query(async ({ ctx, input }): Promise<TaskRunView[]> => {
    const runId = await resolveRun(ctx.engine, { workspaceId: ctx.tenant.id, ref: input.id })
    return listTaskRuns(ctx.engine, { workspaceId: ctx.tenant.id, runId, attempt: input.attempt ?? null })
  })
