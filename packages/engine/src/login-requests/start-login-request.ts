import { randomBytes } from 'node:crypto'
import { statement } from '@towline/db/statement'
import { newId } from '@towline/service/new-id'
import type { EngineContext } from '../context.ts'
import { hashSecret } from '../keys/new-secret.ts'
import { isUniqueViolation } from '../unique-violation.ts'
import text from './sql/start-login-request.sql'
import { newUserCode } from './user-code.ts'

type Started = { deviceCode: string; userCode: string; expiresAt: Date }

const LIFETIME_MS = 10 * 60_000
const start = statement('start-login-request', text)

/** The device code is the CLI's secret; the user code is what a person reads and types. */
export const startLoginRequest = async (ctx: EngineContext, { clientName }: { clientName: string }): Promise<Started> => {
  const now = ctx.clock.now()
  const deviceCode = randomBytes(32).toString('base64url')
  const expiresAt = new Date(now.getTime() + LIFETIME_MS)
  for (;;) {
    const userCode = newUserCode()
    try {
      await ctx.db.enginePool.query({ ...start, values: [newId(now), hashSecret(deviceCode), userCode, clientName, now, expiresAt] })
      return { deviceCode, userCode, expiresAt }
    } catch (error) {
      // The same eight letters are waiting already: one in billions, so try others.
      if (!isUniqueViolation(error)) throw error
    }
  }
}
