import { createHash } from 'node:crypto'
import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import type { AgentPool } from './agent-pool.ts'
import text from './sql/authenticate-agent.sql'

export type AgentIdentity = { workspaceId: string; keyId: string; pool: AgentPool }

type Row = {
  key_id: string
  workspace_id: string
  revoked: boolean
  expired: boolean
  pool_id: string
  pool_name: string
  pool_type: AgentPool['type']
  pool_paused: boolean
}

const authenticate = statement('authenticate-agent', text)

/** Whose key this is. Throws `unauthenticated`, `key_revoked` or `key_expired`; a key of a deleted pool went with its pool. */
export const authenticateAgent = async (ctx: EngineContext, { key }: { key: string }): Promise<AgentIdentity> => {
  const hash = createHash('sha256').update(key).digest()
  const { rows } = await ctx.db.enginePool.query<Row>({ ...authenticate, values: [hash, ctx.clock.now()] })
  const row = rows[0]
  if (!row) throw new AppError('unauthenticated', 'The agent key is unknown.')
  if (row.revoked) throw new AppError('key_revoked')
  if (row.expired) throw new AppError('key_expired')
  const pool = { id: row.pool_id, name: row.pool_name, type: row.pool_type, paused: row.pool_paused }
  return { workspaceId: row.workspace_id, keyId: row.key_id, pool }
}
