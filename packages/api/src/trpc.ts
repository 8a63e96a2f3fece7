import { AppError } from '@towline/contract/app-error'
import type { Actor } from '@towline/contract/audit'
import { ERROR_CODES } from '@towline/contract/errors'
import { richJson } from '@towline/contract/rich-json'
import { type Action, leastRole, may } from '@towline/core/access/may'
import { initTRPC } from '@trpc/server'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import { actorName, type Caller, type Tenant } from './caller.ts'
import type { ApiContext } from './context.ts'
import { describeError, newRequestId, TRPC_CODES } from './errors.ts'
import { findTenant } from './find-tenant.ts'

const t = initTRPC.context<ApiContext>().create({
  transformer: richJson,
  isDev: false,
  errorFormatter: ({ shape, error, ctx }) => {
    const towline = describeError(error, ctx?.requestId ?? newRequestId())
    const code = TRPC_CODES[towline.code]
    return {
      code: TRPC_ERROR_CODES_BY_KEY[code],
      message: towline.message,
      data: { code, httpStatus: ERROR_CODES[towline.code].http as number, path: shape.data.path, towline },
    }
  },
  // A stream that is silent for 12 s is dead: the client opens a new one and says how far it had read. Until then its page calls itself live,
  // though the server hangs or a cable is out: at 40 s people acted on what was old.
  sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 12_000 } },
})

export const router = t.router
export const createCaller = t.createCallerFactory

/** Anybody, within the limit of their address. */
export const publicProcedure = t.procedure.use(({ ctx, next }) => {
  ctx.limits.take('anonymous', ctx.address)
  return next()
})

export type SignedIn = Exclude<Caller, { kind: 'nobody' }>

/** A person, by key or session: what the engine changes for them is written to the audit. A session's changes must carry x-towline-client, which other sites cannot send. */
export const signedInProcedure = t.procedure.use(async ({ ctx, type, next }) => {
  const caller = await ctx.authenticate()
  if (caller.kind === 'nobody') {
    ctx.limits.take('anonymous', ctx.address)
    throw new AppError('unauthenticated')
  }
  if (caller.kind === 'session' && type === 'mutation' && ctx.client === null) {
    throw new AppError('forbidden', 'Changes made with a session need the header x-towline-client.')
  }
  ctx.limits.take('caller', caller.kind === 'key' ? caller.key.id : caller.user.id)
  return next({ ctx: { caller: caller as SignedIn, engine: { ...ctx.engine, by: actorOf(caller) } } })
})

const actorOf = (caller: SignedIn): Actor =>
  caller.kind === 'key'
    ? { kind: 'key', id: caller.key.id, name: actorName(caller) }
    : { kind: 'person', id: caller.user.id, name: actorName(caller) }

/** A member of the workspace of the call, whose role allows the action. */
export const workspaceProcedure = (action: Action) =>
  signedInProcedure.use(async ({ ctx, next }) => {
    const tenant = await findTenant(ctx, ctx.caller)
    if (tenant === null) throw new AppError('invalid_input', 'Say which workspace you mean with the header x-towline-workspace.')
    requireRole(tenant, action)
    return next({ ctx: { tenant } })
  })

export const requireRole = (tenant: Tenant, action: Action): void => {
  if (may(tenant.role, action)) return
  throw new AppError('forbidden', `Your role in ${tenant.name} is ${tenant.role}; this needs ${leastRole(action)}.`)
}
