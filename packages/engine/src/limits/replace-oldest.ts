import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { cancelRun } from '../runs/cancel-run.ts'
import findOldestHoldersText from './sql/find-oldest-holders.sql'

const findOldestHolders = statement('find-oldest-holders', findOldestHoldersText)

/**
 * Asks the oldest holders of a deployment's limit to make room for the runs that wait, where the deployment says so. The newcomers start when
 * those have really ended: never two at once. Safe to repeat; a scheduler does so for a gateway that died in between.
 */
export const replaceOldest = async (ctx: EngineContext, { limitId }: { limitId: string | null }): Promise<{ replaced: number }> => {
  const { rows } = await ctx.db.enginePool.query<{ id: string; workspace_id: string; deployment_name: string }>({
    ...findOldestHolders,
    values: [limitId],
  })
  let replaced = 0
  for (const row of rows) {
    try {
      await cancelRun(ctx, { workspaceId: row.workspace_id, runId: row.id, actor: `a newer run of ${row.deployment_name}` })
      replaced += 1
    } catch (error) {
      // It ended by itself in this moment, or was deleted, which is what was wanted.
      if (!(error instanceof AppError) || (error.code !== 'conflict' && error.code !== 'not_found')) throw error
    }
  }
  return { replaced }
}
