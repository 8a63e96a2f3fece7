import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
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
  const { rows } = await ctx.db.enginePool.query<{ client_name: string }>({
    ...approve,
    values: [code, userId, workspaceId, ctx.clock.now()],
  })
  return rows[0] === undefined ? refuseEndedLogin(ctx, code) : { clientName: rows[0].client_name }
}
