import { AppError } from '@towline/contract/app-error'
import { approveLoginRequest } from '@towline/engine/login-requests/approve-login-request'
import { z } from 'zod'
import { signedInProcedure } from '../../trpc.ts'
import { userCodeInput } from './user-code-input.ts'

export const approve = signedInProcedure
  .input(userCodeInput.extend({ workspaceId: z.uuid() }))
  .mutation(async ({ ctx, input }): Promise<{ clientName: string }> => {
    if (ctx.caller.kind === 'key')
      throw new AppError('forbidden', 'A key cannot approve another one. Open the page in a browser where you are signed in.')
    ctx.limits.take('loginCode', ctx.caller.user.id)
    return approveLoginRequest(ctx.engine, { ...input, userId: ctx.caller.user.id })
  })
