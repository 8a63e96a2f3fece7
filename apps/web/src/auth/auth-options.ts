import type { NextAuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import GitHubProvider from 'next-auth/providers/github'
import GoogleProvider from 'next-auth/providers/google'
import { authDoor } from './auth-door.ts'
import { configuredProviders } from './configured-providers.ts'

const SESSION_SECONDS = 30 * 86_400

const addressOf = (headers: Record<string, unknown> | undefined): string | null => {
  const forwarded = headers?.['x-forwarded-for']
  return typeof forwarded === 'string' ? (forwarded.split(',')[0]?.trim() ?? null) : null
}

const credentials = () =>
  CredentialsProvider({
    name: 'Email and password',
    credentials: { email: { type: 'email' }, password: { type: 'password' } },
    async authorize(input, request) {
      if (!input?.email || !input.password) return null
      return authDoor().verifyPassword({ email: input.email, password: input.password, address: addressOf(request.headers) })
    },
  })

/** Built per request: which providers exist is read from the environment of the running server, not of the build. */
export const authOptions = (env: NodeJS.ProcessEnv = process.env): NextAuthOptions => {
  const configured = configuredProviders(env)
  return {
    secret: env.TOWLINE_SECRET,
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      credentials(),
      ...(configured.github
        ? [GitHubProvider({ clientId: env.GITHUB_CLIENT_ID ?? '', clientSecret: env.GITHUB_CLIENT_SECRET ?? '' })]
        : []),
      ...(configured.google
        ? [GoogleProvider({ clientId: env.GOOGLE_CLIENT_ID ?? '', clientSecret: env.GOOGLE_CLIENT_SECRET ?? '' })]
        : []),
    ],
    callbacks: {
      async signIn({ account, user, profile }) {
        if (!account || account.type === 'credentials') return true
        if (!user.email) return false
        const verified = account.provider === 'github' || (profile as { email_verified?: boolean } | undefined)?.email_verified === true
        const known = await authDoor().signInWithProvider({
          provider: account.provider,
          providerAccountId: account.providerAccountId,
          email: user.email,
          name: user.name ?? user.email,
          image: user.image ?? null,
          emailVerified: verified,
        })
        if (known) user.id = known.id
        return known !== null
      },
      /** `sub` is the id of our user: the API reads nothing else from the token. */
      jwt({ token, user }) {
        if (user) token.sub = user.id
        return token
      },
      session({ session }) {
        return session
      },
    },
  }
}
