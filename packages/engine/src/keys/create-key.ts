import { AppError } from '@towline/contract/app-error'
import type { CreatedKeyView } from '@towline/contract/views'
import { tenantPrisma } from '@towline/db/tenant-prisma'
import { newId } from '@towline/service/new-id'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { keySelect, keyView } from './key-view.ts'
import { newSecret } from './new-secret.ts'

type Common = { workspaceId: string; userId: string; name: string; expiresInDays: number | null }
type Input = Common & ({ kind: 'user' } | { kind: 'agent'; pool: string })

const DAY_MS = 86_400_000

/** A user key speaks for its person; an agent key opens sockets for one pool. The secret is in this answer and nowhere else. */
export const createKey = async (ctx: EngineContext, input: Input): Promise<CreatedKeyView> => {
  const { workspaceId, userId, name, kind, expiresInDays } = input
  const now = ctx.clock.now()
  const { secret, prefix, hash } = newSecret(kind)
  const expiresAt = expiresInDays === null ? null : new Date(now.getTime() + expiresInDays * DAY_MS)
  const row = await tenantPrisma(ctx.db, workspaceId, async (prisma) => {
    const poolId =
      input.kind === 'agent'
        ? (await prisma.workPool.findUnique({ where: { workspaceId_name: { workspaceId, name: input.pool } } }))?.id
        : null
    if (poolId === undefined)
      throw new AppError('not_found', `There is no work pool ${input.kind === 'agent' ? input.pool : ''} in this workspace.`)
    const made = await prisma.apiKey.create({
      data: { id: newId(now), workspaceId, kind, name, prefix, hash, userId, poolId, createdAt: now, expiresAt },
      select: keySelect,
    })
    const whose = input.kind === 'agent' ? `the agent key ${name} for the work pool ${input.pool}` : `the key ${name}`
    await recordChange(ctx, prisma, {
      workspaceId,
      action: 'key.create',
      subject: { kind: 'key', id: made.id, name },
      text: `created ${whose}`,
      after: { kind, prefix, expiresAt: expiresAt?.toISOString() ?? null, ...(input.kind === 'agent' && { pool: input.pool }) },
    })
    return made
  })
  return { ...keyView(row), secret }
}
