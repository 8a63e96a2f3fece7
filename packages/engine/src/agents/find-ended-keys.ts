import type { CloseReason } from '@towline/contract/close-reasons'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import text from './sql/find-ended-keys.sql'

const find = statement('find-ended-keys', text)

export type EndedKey = { keyId: string; reason: Extract<CloseReason, 'key_revoked' | 'key_expired' | 'pool_deleted'> }

/** Which of these keys are good no more, and why. A key is deleted only together with its pool. */
export const findEndedKeys = async (ctx: EngineContext, { keyIds }: { keyIds: string[] }): Promise<EndedKey[]> => {
  const values = [keyIds, ctx.clock.now()]
  const { rows } = await ctx.db.enginePool.query<{ id: string; revoked: boolean; deleted: boolean }>({ ...find, values })
  return rows.map((row) => ({ keyId: row.id, reason: row.deleted ? 'pool_deleted' : row.revoked ? 'key_revoked' : 'key_expired' }))
}
