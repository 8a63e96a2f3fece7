import type { DeploymentSummary, RunBar } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import text from './sql/list-deployments.sql'

type Row = {
  id: string
  name: string
  flow: string
  description: string
  pool_name: string
  queue_name: string
  paused: boolean
  created_at: Date
  updated_at: Date
  version: number
  tags: string[]
  code_kind: DeploymentSummary['codeKind']
  recent: RunBar[]
}
type Read = { workspaceId: string; name: string | null; now: Date }

const list = statement('list-deployments', text)

export const readDeployments = async (tx: Tx, { workspaceId, name, now }: Read): Promise<(DeploymentSummary & { createdAt: Date })[]> => {
  const { rows } = await tx.query<Row>({ ...list, values: [workspaceId, name, now] })
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    flow: row.flow,
    description: row.description,
    poolName: row.pool_name,
    queueName: row.queue_name,
    tags: row.tags,
    codeKind: row.code_kind,
    paused: row.paused,
    version: row.version,
    updatedAt: row.updated_at,
    recent: row.recent.map((bar) => ({ ...bar, at: new Date(bar.at) })),
    createdAt: row.created_at,
  }))
}

/** All deployments by name, with the bars of their last runs. */
export const listDeployments = (ctx: EngineContext, { workspaceId }: { workspaceId: string }): Promise<DeploymentSummary[]> =>
  tenantTransaction(ctx.db, workspaceId, (tx) => readDeployments(tx, { workspaceId, name: null, now: ctx.clock.now() }))
