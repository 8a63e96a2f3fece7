import { pollLoginRequest } from '@towline/engine/login-requests/poll-login-request'
import { z } from 'zod'
import { publicProcedure } from '../../trpc.ts'

export type LoginPolled = {
  status: 'pending' | 'approved' | 'denied' | 'expired'
  /** With `approved`, once: the new user key. */
  key?: string
  workspace?: { id: string; slug: string; name: string }
}

export const poll = publicProcedure
  .input(z.strictObject({ deviceCode: z.string().min(1).max(100) }))
  .mutation(async ({ ctx, input }): Promise<LoginPolled> => {
    ctx.limits.take('loginPoll', ctx.address)
    return pollLoginRequest(ctx.engine, input)
  })
