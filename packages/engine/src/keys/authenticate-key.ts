import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import type { Person } from '../people/person.ts'
import { hashSecret, KEY_PREFIXES } from './new-secret.ts'
import authenticateText from './sql/authenticate-key.sql'
import touchText from './sql/touch-key.sql'

export type KeyIdentity = { user: Person; key: { id: string; name: string }; workspaceId: string }

type Row = {
  id: string
  workspace_id: string
  kind: string
  name: string
  revoked: boolean
  expired: boolean
  stale: boolean
  user_id: string | null
  user_email: string | null
  user_name: string | null
}

const authenticate = statement('authenticate-key', authenticateText)
const touch = statement('touch-key', touchText)

/** Whose key this is. Its last use is noted at most once a minute, so that reads do not become writes. */
export const authenticateKey = async (ctx: EngineContext, { secret }: { secret: string }): Promise<KeyIdentity> => {
  if (secret.startsWith(KEY_PREFIXES.agent)) {
    throw new AppError(
      'unauthenticated',
      'This is an agent key: it connects agents of one pool. Use a user key (tlk_…), for example from `towline login`.',
    )
  }
  const now = ctx.clock.now()
  const { rows } = await ctx.db.enginePool.query<Row>({ ...authenticate, values: [hashSecret(secret), now] })
  const row = rows[0]
  if (row === undefined || row.kind !== 'user' || row.user_id === null)
    throw new AppError('unauthenticated', 'The key is unknown. Create one in Settings, or run `towline login`.')
  if (row.revoked) throw new AppError('key_revoked')
  if (row.expired) throw new AppError('key_expired')
  if (row.stale) await ctx.db.enginePool.query({ ...touch, values: [row.id, now] })
  return {
    user: { id: row.user_id, email: row.user_email ?? '', name: row.user_name ?? '' },
    key: { id: row.id, name: row.name },
    workspaceId: row.workspace_id,
  }
}
