import type { AgentView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { PRESENCE_SECONDS } from './presence.ts'
import text from './sql/list-agents.sql'

type Input = { workspaceId: string; pool: string | null }
type Row = {
  id: string
  pool_id: string
  pool_name: string
  name: string
  version: string
  status: AgentView['status']
  host: AgentView['host']
  capacity: number
  running: number
  skew_ms: number
  connected_at: Date | null
  last_seen_at: Date
  created_at: Date
}

const list = statement('list-agents', text)

/** Agents of one pool or of all: those that are there first, then the most recently seen. */
export const listAgents = async (ctx: EngineContext, { workspaceId, pool }: Input): Promise<AgentView[]> => {
  const values = [workspaceId, pool, ctx.clock.now(), PRESENCE_SECONDS]
  const { rows } = await tenantTransaction(ctx.db, workspaceId, (tx) => tx.query<Row>({ ...list, values }))
  return rows.map((row) => ({
    id: row.id,
    poolId: row.pool_id,
    poolName: row.pool_name,
    name: row.name,
    version: row.version,
    status: row.status,
    host: row.host,
    capacity: row.capacity,
    running: row.running,
    skewMs: row.skew_ms,
    connectedAt: row.connected_at,
    lastSeenAt: row.last_seen_at,
    createdAt: row.created_at,
  }))
}
