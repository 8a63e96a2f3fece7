import { getLoginRequest } from '@towline/engine/login-requests/get-login-request'
import { signedInProcedure } from '../../trpc.ts'
import { userCodeInput } from './user-code-input.ts'

export type LoginRequestView = {
  userCode: string
  clientName: string
  createdAt: Date
  expiresAt: Date
  status: 'pending' | 'approved' | 'denied' | 'expired'
}

export const get = signedInProcedure.input(userCodeInput).query(async ({ ctx, input }): Promise<LoginRequestView> => {
  ctx.limits.take('loginCode', ctx.caller.user.id)
  return getLoginRequest(ctx.engine, input)
})
