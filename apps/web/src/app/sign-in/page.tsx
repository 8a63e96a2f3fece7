import { headers } from 'next/headers'
import { configuredProviders } from '../../auth/configured-providers.ts'
import { SignInForm } from '../../features/sign-in/SignInForm.tsx'
import { safeNext } from '../../features/sign-in/safe-next.ts'

export const metadata = { title: 'Sign in · Towline' }

type Props = { searchParams: Promise<{ next?: string; callbackUrl?: string; error?: string }> }

/** The demo workspace runs programs on this machine, so one click opens it from this machine only. */
const isThisMachine = (address: string | null): boolean => /^(127\.|::1$|::ffff:127\.)/.test(address ?? '')

export default async function SignInPage({ searchParams }: Props) {
  const query = await searchParams
  const { TOWLINE_DEMO_EMAIL: email, TOWLINE_DEMO_PASSWORD: password } = process.env
  const offersDemo = email && password && isThisMachine((await headers()).get('x-forwarded-for'))
  return (
    <SignInForm
      providers={configuredProviders(process.env)}
      next={safeNext(query.next ?? query.callbackUrl)}
      error={query.error ?? null}
      demo={offersDemo ? { email, password } : null}
    />
  )
}
