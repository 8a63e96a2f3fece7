import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import { engineTransaction } from '@towline/db/transaction'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { findMembership } from '../workspaces/find-membership.ts'
import { refuseEndedLogin } from './refuse-ended-login.ts'
import text from './sql/approve-login-request.sql'
import { normalizeUserCode } from './user-code.ts'

type Input = { userCode: string; workspaceId: string; userId: string }

const approve = statement('approve-login-request', text)

/** Lets the waiting CLI in, as this person, into one of their workspaces. */
export const approveLoginRequest = async (
  ctx: EngineContext,
  { userCode, workspaceId, userId }: Input,
): Promise<{ clientName: string }> => {
  const membership = await findMembership(ctx, { userId, workspaceId })
  if (membership === null) throw new AppError('not_found', 'There is no such workspace that you belong to.')
  const code = normalizeUserCode(userCode)
  const approved = await engineTransaction(ctx.db, async (tx) => {
    const values = [code, userId, workspaceId, ctx.clock.now()]
    const [row] = (await tx.query<{ id: string; client_name: string }>({ ...approve, values })).rows
    if (row === undefined) return null
    const subject = { kind: 'login' as const, id: row.id, name: row.client_name }
    await recordChange(ctx, tx, { workspaceId, action: 'login.approve', subject, text: `let ${row.client_name} in` })
    return { clientName: row.client_name }
  })
  return approved ?? refuseEndedLogin(ctx, code)
}
