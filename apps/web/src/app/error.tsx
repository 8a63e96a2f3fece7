'use client'

import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'

type Props = { error: Error & { digest?: string }; reset: () => void }

export default function PageError({ error, reset }: Props) {
  // A tab that was open during an update asks for parts that are gone: drawing again would ask for the same ones.
  const outdated = error.name === 'ChunkLoadError'
  return (
    <main className="flex min-h-full items-center">
      {outdated ? (
        <EmptyState title="The dashboard was updated" actions={<Button onClick={() => location.reload()}>Load the new one</Button>}>
          This tab is older than the control plane. Your data and your runs are not affected.
        </EmptyState>
      ) : (
        <EmptyState title="This page could not be drawn" actions={<Button onClick={reset}>Draw it again</Button>}>
          Your data and your runs are not affected. {error.digest ? `Quote ${error.digest} when you report it.` : error.message}
        </EmptyState>
      )}
    </main>
  )
}
