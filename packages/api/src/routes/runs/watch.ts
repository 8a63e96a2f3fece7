import { logCursorSchema, type RunChange } from '@towline/contract/views'
import { resolveRun } from '@towline/engine/run-views/resolve-run'
import { watchRun } from '@towline/engine/run-views/watch-run'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'
import { runRef } from './run-ref.ts'

/** Follows one run over server-sent events; the stream ends by itself after the final state and all logs were delivered. */
export const watch = workspaceProcedure('runs.read')
  .input(runRef.extend({ afterEvent: z.int().nonnegative().default(0), logCursor: logCursorSchema.default({}) }))
  .subscription(async function* ({ ctx, input, signal }): AsyncGenerator<RunChange, void> {
    const workspaceId = ctx.tenant.id
    const runId = await resolveRun(ctx.engine, { workspaceId, ref: input.id })
    yield* watchRun(ctx.engine, {
      workspaceId,
      runId,
      afterEvent: input.afterEvent,
      logCursor: input.logCursor,
      signal: signal ?? new AbortController().signal,
    })
  })
