import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { refuseEndedLogin } from './refuse-ended-login.ts'
import text from './sql/deny-login-request.sql'
import { normalizeUserCode } from './user-code.ts'

const deny = statement('deny-login-request', text)

/** Sends the waiting CLI away. */
export const denyLoginRequest = async (ctx: EngineContext, { userCode }: { userCode: string }): Promise<{ clientName: string }> => {
  const code = normalizeUserCode(userCode)
  const { rows } = await ctx.db.enginePool.query<{ client_name: string }>({ ...deny, values: [code, ctx.clock.now()] })
  return rows[0] === undefined ? refuseEndedLogin(ctx, code) : { clientName: rows[0].client_name }
}
