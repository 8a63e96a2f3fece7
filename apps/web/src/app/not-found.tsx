import { LinkButton } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'

export default function NotFound() {
  return (
    <main className="flex min-h-dvh items-center">
      <EmptyState heading="h1" title="There is no page at this address" actions={<LinkButton href="/">Go to your workspace</LinkButton>}>
        The address may be mistyped, or what it led to was deleted.
      </EmptyState>
    </main>
  )
}
