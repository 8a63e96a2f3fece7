import type { PoolType } from '@towline/contract/run-spec'
import type { GuideView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import text from './sql/get-guide.sql'

type Row = {
  dismissed: boolean
  pool: { id: string; name: string; type: PoolType } | null
  has_agent: boolean
  deployment_name: string | null
  run_id: string | null
  has_completed: boolean
}

const read = statement('get-guide', text)

/** How far a workspace has come on its way to the first completed run. Only the first rows of each table are looked at. */
export const getGuide = async (ctx: EngineContext, { workspaceId }: { workspaceId: string }): Promise<GuideView> => {
  const { rows } = await tenantTransaction(ctx.db, workspaceId, (tx) => tx.query<Row>({ ...read, values: [workspaceId] }))
  const row = rows[0]
  if (row === undefined) throw new Error('the workspace of a member is gone')
  return {
    dismissed: row.dismissed,
    steps: { pool: row.pool !== null, agent: row.has_agent, deployment: row.deployment_name !== null, run: row.has_completed },
    pool: row.pool,
    deploymentName: row.deployment_name,
    runId: row.run_id,
  }
}
