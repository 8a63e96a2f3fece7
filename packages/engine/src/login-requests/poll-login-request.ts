import { statement } from '@towline/db/statement'
import { engineTransaction } from '@towline/db/transaction'
import { newId } from '@towline/service/new-id'
import type { EngineContext } from '../context.ts'
import { hashSecret, newSecret } from '../keys/new-secret.ts'
import { type LoginStatus, loginStatus } from './login-status.ts'
import insertKeyText from './sql/insert-login-key.sql'
import lockText from './sql/lock-login-request.sql'

type Polled = { status: LoginStatus; key?: string; workspace?: { id: string; slug: string; name: string } }
type Row = {
  id: string
  client_name: string
  expires_at: Date
  approved_by: string | null
  denied_at: Date | null
  consumed_at: Date | null
  workspace: { id: string; slug: string; name: string } | null
}

const KEY_LIFETIME_MS = 365 * 86_400_000
const lock = statement('lock-login-request', lockText)
const insertKey = statement('insert-login-key', insertKeyText)

/** The first poll after the approval gets a new user key, made at that moment so that no secret is ever stored; later polls are told `expired`. */
export const pollLoginRequest = (ctx: EngineContext, { deviceCode }: { deviceCode: string }): Promise<Polled> =>
  engineTransaction(ctx.db, async (tx): Promise<Polled> => {
    const now = ctx.clock.now()
    const { rows } = await tx.query<Row>({ ...lock, values: [hashSecret(deviceCode)] })
    const row = rows[0]
    if (row === undefined || row.consumed_at !== null) return { status: 'expired' }
    const status = loginStatus(row, now)
    if (status !== 'approved') return { status }
    // Whoever approved has left the workspace since.
    if (row.workspace === null) return { status: 'denied' }
    const { secret, prefix, hash } = newSecret('user')
    const expiresAt = new Date(now.getTime() + KEY_LIFETIME_MS)
    await tx.query({
      ...insertKey,
      values: [row.id, newId(now), row.workspace.id, row.client_name, prefix, hash, row.approved_by, now, expiresAt],
    })
    return { status, key: secret, workspace: row.workspace }
  })
