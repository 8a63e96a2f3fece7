import { globalPrisma } from '@towline/db/tenant-prisma'
import { newId } from '@towline/service/new-id'
import type { EngineContext } from '../context.ts'
import { isUniqueViolation } from '../unique-violation.ts'
import type { Person } from './person.ts'

type Input = { provider: string; providerAccountId: string; email: string; name: string; image: string | null; emailVerified: boolean }

/**
 * The person behind an account at GitHub or Google. A new account joins the person with the same address only when the
 * provider has checked that address; otherwise anybody could take over somebody else's account by claiming it. Null: refused.
 */
export const findOrCreateProviderUser = async (ctx: EngineContext, input: Input): Promise<Person | null> => {
  try {
    return await findOrCreate(ctx, input)
  } catch (error) {
    // Two first sign-ins at once: the other one has made the rows, so now they are found.
    if (isUniqueViolation(error)) return findOrCreate(ctx, input)
    throw error
  }
}

const findOrCreate = (
  ctx: EngineContext,
  { provider, providerAccountId, email, name, image, emailVerified }: Input,
): Promise<Person | null> => {
  const now = ctx.clock.now()
  const address = email.trim().toLowerCase()
  const select = { id: true, email: true, name: true } as const
  return globalPrisma(ctx.db, async (prisma) => {
    const account = await prisma.account.findUnique({
      where: { provider_providerAccountId: { provider, providerAccountId } },
      select: { user: { select } },
    })
    if (account !== null) return account.user
    const known = await prisma.user.findUnique({ where: { email: address }, select })
    if (known !== null && !emailVerified) return null
    const user = known ?? (await prisma.user.create({ data: { id: newId(now), email: address, name, image, createdAt: now }, select }))
    await prisma.account.create({ data: { id: newId(now), userId: user.id, provider, providerAccountId } })
    return user
  })
}
