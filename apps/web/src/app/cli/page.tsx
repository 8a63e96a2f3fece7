import { ApproveLogin } from '../../features/sign-in/ApproveLogin.tsx'
import { ApiProvider } from '../../trpc/ApiProvider.tsx'

export const metadata = { title: 'Sign in from a terminal · Towline' }

export default async function CliPage({ searchParams }: { searchParams: Promise<{ code?: string }> }) {
  const { code } = await searchParams
  return (
    <ApiProvider workspace={null}>
      <ApproveLogin code={code ?? null} />
    </ApiProvider>
  )
}
