import { AppError } from '@towline/contract/app-error'
import type { KeyView } from '@towline/contract/views'
import { tenantPrisma } from '@towline/db/tenant-prisma'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { keySelect, keyView } from './key-view.ts'

type Input = {
  workspaceId: string
  id: string
  /** Set: user keys of this person only. */
  onlyOfUser: string | null
}

/** Ends a key for good. Sockets that it opened are closed by the notice; revoking again changes nothing. */
export const revokeKey = async (ctx: EngineContext, { workspaceId, id, onlyOfUser }: Input): Promise<KeyView> => {
  const now = ctx.clock.now()
  const row = await tenantPrisma(ctx.db, workspaceId, async (prisma) => {
    const key = await prisma.apiKey.findUnique({ where: { workspaceId_id: { workspaceId, id } }, select: { ...keySelect, userId: true } })
    if (key === null) throw new AppError('not_found')
    if (onlyOfUser !== null && (key.kind !== 'user' || key.userId !== onlyOfUser)) {
      throw new AppError('forbidden', 'Only admins revoke keys of others and of agents.')
    }
    const { count } = await prisma.apiKey.updateMany({ where: { workspaceId, id, revokedAt: null }, data: { revokedAt: now } })
    if (count === 0) return key
    await recordChange(ctx, prisma, {
      workspaceId,
      action: 'key.revoke',
      subject: { kind: 'key', id, name: key.name },
      text: `revoked the ${key.kind === 'agent' ? 'agent key' : 'key'} ${key.name}`,
      before: { kind: key.kind, prefix: key.prefix },
    })
    return { ...key, revokedAt: now }
  })
  ctx.bus.publish('key', [id])
  const { userId: _, ...view } = row
  return keyView(view)
}
