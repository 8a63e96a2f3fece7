/**
 * How sign-in reaches the engine. Next's bundle holds no engine and no database client: the server that starts Next
 * (same process) puts this door on `globalThis` before the first request, and the sign-in routes knock here.
 */
export type SignedInUser = { id: string; email: string; name: string; image?: string | null }

export type ProviderProfile = {
  provider: string
  providerAccountId: string
  email: string
  name: string
  image: string | null
  /** The provider says that the address was checked; without it no existing user is linked. */
  emailVerified: boolean
}

export type AuthDoor = {
  /** The user, or null when the address or the password is wrong. Throws AppError('rate_limited') after too many tries. */
  verifyPassword(input: { email: string; password: string; address: string | null }): Promise<SignedInUser | null>
  /** The user with this account, created or linked by e-mail when there is none yet; null when that is refused. */
  signInWithProvider(profile: ProviderProfile): Promise<SignedInUser | null>
}

const KEY = Symbol.for('towline.auth-door')
type Holder = { [KEY]?: AuthDoor }

export const setAuthDoor = (door: AuthDoor): void => {
  ;(globalThis as Holder)[KEY] = door
}

export const authDoor = (): AuthDoor => {
  const door = (globalThis as Holder)[KEY]
  if (!door) throw new Error('Sign-in is not connected to the engine: start the web process through its own server.')
  return door
}
