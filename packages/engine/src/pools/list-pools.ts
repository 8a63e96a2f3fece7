import type { PoolSummary } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { type PoolRow, poolSummary } from './pool-row.ts'
import { COUNT_CAP, PRESENCE_SECONDS } from './presence.ts'
import text from './sql/list-pools.sql'

const list = statement('list-pools', text)

export const readPools = async (
  tx: Tx,
  { workspaceId, name, now }: { workspaceId: string; name: string | null; now: Date },
): Promise<PoolRow[]> => {
  const { rows } = await tx.query<PoolRow>({ ...list, values: [workspaceId, name, now, PRESENCE_SECONDS, COUNT_CAP] })
  return rows
}

/** All pools by name, with who is there and what waits. */
export const listPools = async (ctx: EngineContext, { workspaceId }: { workspaceId: string }): Promise<PoolSummary[]> => {
  const rows = await tenantTransaction(ctx.db, workspaceId, (tx) => readPools(tx, { workspaceId, name: null, now: ctx.clock.now() }))
  return rows.map(poolSummary)
}
