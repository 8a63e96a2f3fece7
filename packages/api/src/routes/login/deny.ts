import { denyLoginRequest } from '@towline/engine/login-requests/deny-login-request'
import { signedInProcedure } from '../../trpc.ts'
import { userCodeInput } from './user-code-input.ts'

export const deny = signedInProcedure.input(userCodeInput).mutation(async ({ ctx, input }): Promise<{ clientName: string }> => {
  ctx.limits.take('loginCode', ctx.caller.user.id)
  return denyLoginRequest(ctx.engine, input)
})
