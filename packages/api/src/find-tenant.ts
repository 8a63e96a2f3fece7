import { AppError } from '@towline/contract/app-error'
import { findMembership } from '@towline/engine/workspaces/find-membership'
import { actorName, type Caller, type Tenant } from './caller.ts'
import type { ApiContext } from './context.ts'

/** The workspace of this call: the key's own, or the one that the session names. Null: a session that names none. */
export const findTenant = async (ctx: ApiContext, caller: Exclude<Caller, { kind: 'nobody' }>): Promise<Tenant | null> => {
  const where =
    caller.kind === 'key' ? { workspaceId: caller.workspaceId } : ctx.workspaceSlug === null ? null : { slug: ctx.workspaceSlug }
  if (where === null) return null
  const membership = await findMembership(ctx.engine, { userId: caller.user.id, ...where })
  if (membership === null) {
    if (caller.kind === 'key') throw new AppError('unauthenticated', 'The person of this key is no longer a member of its workspace.')
    throw new AppError('not_found', `There is no workspace ${ctx.workspaceSlug} that you belong to.`)
  }
  return { ...membership, userId: caller.user.id, actor: actorName(caller) }
}
