import { AppError } from '@towline/contract/app-error'
import type { RunSummary } from '@towline/contract/views'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { readRunSummaries } from './read-run-summaries.ts'

type Input = { workspaceId: string; runId: string }

export const getRunSummary = async (ctx: EngineContext, { workspaceId, runId }: Input): Promise<RunSummary> => {
  const [run] = await tenantTransaction(ctx.db, workspaceId, (tx) =>
    readRunSummaries(tx, { workspaceId, ids: [runId], now: ctx.clock.now() }),
  )
  if (run === undefined) throw new AppError('not_found', 'There is no such run in this workspace.')
  return run
}
