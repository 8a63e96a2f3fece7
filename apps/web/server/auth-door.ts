import type { RateLimits } from '@towline/api/rate-limits'
import type { EngineContext } from '@towline/engine/context'
import { findOrCreateProviderUser } from '@towline/engine/people/find-or-create-provider-user'
import { verifyPassword } from '@towline/engine/people/verify-password'
import type { AuthDoor } from '../src/auth/auth-door.ts'

/** What next-auth's routes may ask of the engine; `setAuthDoor` puts it where Next's bundle finds it. */
export const createAuthDoor = (engine: EngineContext, limits: RateLimits): AuthDoor => ({
  verifyPassword: async ({ email, password, address }) => {
    const from = address ?? 'unknown'
    limits.take('signInAddress', from)
    limits.take('signIn', `${email.trim().toLowerCase()} ${from}`)
    return verifyPassword(engine, { email, password })
  },
  signInWithProvider: (profile) => findOrCreateProviderUser(engine, profile),
})
