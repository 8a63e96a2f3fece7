import { signIn } from 'next-auth/react'

const WORDS: Record<string, string> = {
  CredentialsSignin: 'The email or the password is wrong.',
  OAuthAccountNotLinked: 'This address belongs to another way of signing in. Use that one.',
  AccessDenied: 'That account may not sign in here: its address is not verified or belongs to somebody else.',
  OAuthCallback: 'The provider did not confirm who you are. Try again.',
  SessionRequired: 'Sign in first.',
}

export const describeSignInError = (code: string): string =>
  WORDS[code] ?? (code.includes(' ') ? code : 'Signing in did not work. Try again.')

/** Null when the session is open, otherwise what went wrong, for people. */
export const signInWithPassword = async (email: string, password: string): Promise<string | null> => {
  try {
    const answer = await signIn('credentials', { email, password, redirect: false })
    if (answer?.ok && !answer.error) return null
    return describeSignInError(answer?.error ?? 'unknown')
  } catch {
    return 'The control plane did not answer. Check your connection and try again.'
  }
}
