import { type LogCursor, type LogLineView, logCursorSchema } from '@towline/contract/views'
import { listLogs } from '@towline/engine/run-views/list-logs'
import { resolveRun } from '@towline/engine/run-views/resolve-run'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'
import { runRef } from './run-ref.ts'

export type LogPage = { lines: LogLineView[]; cursor: LogCursor; more: boolean }

export const logs = workspaceProcedure('runs.read')
  .input(runRef.extend({ cursor: logCursorSchema.default({}), limit: z.int().min(1).max(2000).default(1000) }))
  .query(async ({ ctx, input }): Promise<LogPage> => {
    const runId = await resolveRun(ctx.engine, { workspaceId: ctx.tenant.id, ref: input.id })
    return listLogs(ctx.engine, { workspaceId: ctx.tenant.id, runId, cursor: input.cursor, limit: input.limit })
  })
