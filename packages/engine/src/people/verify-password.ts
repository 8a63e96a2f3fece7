import { globalPrisma } from '@towline/db/tenant-prisma'
import type { EngineContext } from '../context.ts'
import { matchesPassword } from './hash-password.ts'
import type { Person } from './person.ts'

type Input = { email: string; password: string }

/** The person, or null: a wrong password and an unknown address look and take the same. */
export const verifyPassword = async (ctx: EngineContext, { email, password }: Input): Promise<Person | null> => {
  const user = await globalPrisma(ctx.db, (prisma) => prisma.user.findUnique({ where: { email: email.trim().toLowerCase() } }))
  // Longer passwords cannot be anybody's: do not hash megabytes for a stranger.
  const matches = await matchesPassword(user?.passwordHash ?? null, password.slice(0, 1000))
  return user !== null && matches ? { id: user.id, email: user.email, name: user.name } : null
}
