'use client'

import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'

export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="flex min-h-full items-center">
      <EmptyState title="This page could not be drawn" actions={<Button onClick={reset}>Draw it again</Button>}>
        Your data and your runs are not affected. {error.digest ? `Quote ${error.digest} when you report it.` : error.message}
      </EmptyState>
    </main>
  )
}
