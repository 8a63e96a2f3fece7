import { randomBytes } from 'node:crypto'
import { AppError } from '@towline/contract/app-error'
import type { WorkspaceView } from '@towline/contract/views'
import { globalPrisma } from '@towline/db/tenant-prisma'
import { newId } from '@towline/service/new-id'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { isUniqueViolation } from '../unique-violation.ts'

type Input = { userId: string; name: string; slug?: string }

/** A workspace with its first owner. Without a slug one is made of the name, with a few letters more when it is taken. */
export const createWorkspace = async (ctx: EngineContext, { userId, name, slug }: Input): Promise<WorkspaceView> => {
  if (slug !== undefined) {
    const created = await create(ctx, { userId, name, slug })
    if (created === null) throw new AppError('already_exists', `The address ${slug} is taken. Choose another one.`)
    return created
  }
  const wanted = slugOf(name)
  for (let attempt = 0; attempt < 5; attempt++) {
    const created = await create(ctx, {
      userId,
      name,
      slug: attempt === 0 ? wanted : `${wanted}-${randomBytes(2 + attempt).toString('hex')}`,
    })
    if (created !== null) return created
  }
  throw new AppError('already_exists', 'No free address was found for this name. Choose one yourself.')
}

const create = async (ctx: EngineContext, { userId, name, slug }: Required<Input>): Promise<WorkspaceView | null> => {
  const now = ctx.clock.now()
  const id = newId(now)
  try {
    await globalPrisma(ctx.db, async (prisma) => {
      await prisma.workspace.create({ data: { id, slug, name, createdAt: now } })
      await prisma.membership.create({ data: { workspaceId: id, userId, role: 'owner', createdAt: now } })
      const subject = { kind: 'workspace' as const, id, name: slug }
      await recordChange(ctx, prisma, { workspaceId: id, action: 'workspace.create', subject, text: `created the workspace ${name}` })
    })
    return { id, slug, name, role: 'owner' }
  } catch (error) {
    if (isUniqueViolation(error)) return null
    throw error
  }
}

/** `Größe & Co.` becomes `groe-co`: what survives of the letters, or `workspace` when nothing does. */
const slugOf = (name: string): string => {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 36)
    .replace(/^-+|-+$/g, '')
  return slug === '' ? 'workspace' : slug
}
