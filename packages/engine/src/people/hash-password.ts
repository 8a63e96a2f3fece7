import { hash, verify } from '@node-rs/argon2'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. About 25 ms on one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password, COST)

let nobody: Promise<string> | undefined

/** Does the same work when there is no hash to compare with, so that time does not tell which addresses have an account. */
export const matchesPassword = async (passwordHash: string | null, password: string): Promise<boolean> => {
  nobody ??= hashPassword('no account has this password')
  const matches = await verify(passwordHash ?? (await nobody), password)
  return passwordHash !== null && matches
}
