import type { LiveChange } from '@towline/contract/views'
import { liveChanges } from '@towline/engine/run-views/live-changes'
import { workspaceProcedure } from '../../trpc.ts'

/** Tells which lists of the workspace are out of date, over server-sent events, a few times a second at most. */
export const changes = workspaceProcedure('workspace.read').subscription(async function* ({
  ctx,
  signal,
}): AsyncGenerator<LiveChange, void> {
  yield* liveChanges(ctx.engine, { workspaceId: ctx.tenant.id, signal: signal ?? new AbortController().signal })
})
