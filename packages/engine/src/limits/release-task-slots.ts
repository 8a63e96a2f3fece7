import type { EngineContext } from '../context.ts'
import { runTransaction } from '../runs/life/run-transaction.ts'

/** A task run is over, or waits no longer: its slots and its place in line go. The end of its attempt does the same, so a repeat is nothing. */
export const releaseTaskSlots = async (
  ctx: EngineContext,
  { workspaceId, runId, attempt, key }: { workspaceId: string; runId: string; attempt: number; key: string },
): Promise<void> =>
  runTransaction(ctx, async (work) => {
    const book = await work.lock([runId])
    const run = book.get(runId, workspaceId)
    if (run?.attempt === attempt) book.endTask(runId, attempt, key)
  })
