import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { type LoginStatus, loginStatus } from './login-status.ts'
import text from './sql/get-login-request.sql'
import { normalizeUserCode } from './user-code.ts'

type View = { userCode: string; clientName: string; createdAt: Date; expiresAt: Date; status: LoginStatus }
type Row = {
  user_code: string
  client_name: string
  created_at: Date
  expires_at: Date
  approved_by: string | null
  denied_at: Date | null
  consumed_at: Date | null
}

const getByCode = statement('get-login-request', text)

export const getLoginRequest = async (ctx: EngineContext, { userCode }: { userCode: string }): Promise<View> => {
  const { rows } = await ctx.db.enginePool.query<Row>({ ...getByCode, values: [normalizeUserCode(userCode)] })
  const row = rows[0]
  if (row === undefined)
    throw new AppError('not_found', 'No terminal waits with this code. Compare it with the one that the terminal shows.')
  const status = loginStatus(row, ctx.clock.now())
  return { userCode: row.user_code, clientName: row.client_name, createdAt: row.created_at, expiresAt: row.expires_at, status }
}
