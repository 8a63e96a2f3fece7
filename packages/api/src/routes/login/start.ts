import { startLoginRequest } from '@towline/engine/login-requests/start-login-request'
import { z } from 'zod'
import { publicProcedure } from '../../trpc.ts'

export type LoginStarted = { deviceCode: string; userCode: string; verificationUrl: string; intervalSeconds: number; expiresAt: Date }

/** A CLI asks to be let in; a person approves its short code in the browser. */
export const start = publicProcedure
  .input(z.strictObject({ clientName: z.string().trim().min(1).max(120) }))
  .mutation(async ({ ctx, input }): Promise<LoginStarted> => {
    ctx.limits.take('loginStart', ctx.address)
    const started = await startLoginRequest(ctx.engine, input)
    return { ...started, verificationUrl: `${ctx.config.publicUrl}/login/device?code=${started.userCode}`, intervalSeconds: 2 }
  })
