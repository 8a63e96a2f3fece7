import type { RunEventView } from '@towline/contract/views'
import { listEvents } from '@towline/engine/run-views/list-events'
import { resolveRun } from '@towline/engine/run-views/resolve-run'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'
import { runRef } from './run-ref.ts'

/** The events after a sequence number, oldest first, at most 1000: ask again with the last one you got. */
export const events = workspaceProcedure('runs.read')
  .input(runRef.extend({ after: z.int().nonnegative().default(0) }))
  .query(async ({ ctx, input }): Promise<RunEventView[]> => {
    const runId = await resolveRun(ctx.engine, { workspaceId: ctx.tenant.id, ref: input.id })
    return listEvents(ctx.engine, { workspaceId: ctx.tenant.id, runId, after: input.after, limit: 1000, withTasks: true })
  })
