import { statement } from '@towline/db/statement'
import { engineTransaction, type Tx } from '@towline/db/transaction'
import { newId } from '@towline/service/new-id'
import { recordChange } from '../audit/record-change.ts'
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
  approver_name: string | null
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
    const keyId = newId(now)
    await tx.query({
      ...insertKey,
      values: [row.id, keyId, row.workspace.id, row.client_name, prefix, hash, row.approved_by, now, expiresAt],
    })
    await recordKey(ctx, tx, { row, workspaceId: row.workspace.id, key: { id: keyId, prefix, expiresAt } })
    return { status, key: secret, workspace: row.workspace }
  })

type Made = { row: Row; workspaceId: string; key: { id: string; prefix: string; expiresAt: Date } }

/** Whoever polls is nobody yet: the key is made for the person who approved. */
const recordKey = async (ctx: EngineContext, tx: Tx, { row, workspaceId, key }: Made): Promise<void> => {
  if (row.approved_by === null) return
  const by = { kind: 'person' as const, id: row.approved_by, name: row.approver_name ?? '' }
  await recordChange({ ...ctx, by }, tx, {
    workspaceId,
    action: 'key.create',
    subject: { kind: 'key', id: key.id, name: row.client_name },
    text: `created the key ${row.client_name} by signing in`,
    after: { kind: 'user', prefix: key.prefix, expiresAt: key.expiresAt.toISOString() },
  })
}
