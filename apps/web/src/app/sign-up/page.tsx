import { configuredProviders } from '../../auth/configured-providers.ts'
import { SignUpForm } from '../../features/sign-in/SignUpForm.tsx'
import { safeNext } from '../../features/sign-in/safe-next.ts'
import { ApiProvider } from '../../trpc/ApiProvider.tsx'

export const metadata = { title: 'Create an account · Towline' }

export default async function SignUpPage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const { next } = await searchParams
  return (
    <ApiProvider workspace={null}>
      <SignUpForm providers={configuredProviders(process.env)} next={safeNext(next)} />
    </ApiProvider>
  )
}
