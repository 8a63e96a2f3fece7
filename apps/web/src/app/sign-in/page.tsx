import { configuredProviders } from '../../auth/configured-providers.ts'
import { SignInForm } from '../../features/sign-in/SignInForm.tsx'
import { safeNext } from '../../features/sign-in/safe-next.ts'

export const metadata = { title: 'Sign in · Towline' }

type Props = { searchParams: Promise<{ next?: string; callbackUrl?: string; error?: string }> }

export default async function SignInPage({ searchParams }: Props) {
  const query = await searchParams
  const { TOWLINE_DEMO_EMAIL: email, TOWLINE_DEMO_PASSWORD: password } = process.env
  return (
    <SignInForm
      providers={configuredProviders(process.env)}
      next={safeNext(query.next ?? query.callbackUrl)}
      error={query.error ?? null}
      demo={email && password ? { email, password } : null}
    />
  )
}
