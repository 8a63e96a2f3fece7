import { AppError } from '@towline/contract/app-error'
import { globalPrisma } from '@towline/db/tenant-prisma'
import { newId } from '@towline/service/new-id'
import type { EngineContext } from '../context.ts'
import { isUniqueViolation } from '../unique-violation.ts'
import { hashPassword } from './hash-password.ts'
import type { Person } from './person.ts'

type Input = { email: string; password: string; name: string }

/** A person who signs in with email and password. The address is kept in lower case, so it is one person however it is typed. */
export const createUser = async (ctx: EngineContext, { email, password, name }: Input): Promise<Person> => {
  const now = ctx.clock.now()
  const passwordHash = await hashPassword(password)
  const data = { id: newId(now), email: email.trim().toLowerCase(), name, passwordHash, createdAt: now }
  try {
    const user = await globalPrisma(ctx.db, (prisma) => prisma.user.create({ data }))
    return { id: user.id, email: user.email, name: user.name }
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError('already_exists', 'There is an account with this email address. Sign in instead.')
    throw error
  }
}
