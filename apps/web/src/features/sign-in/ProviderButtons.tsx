'use client'

import { signIn } from 'next-auth/react'
import type { ConfiguredProviders } from '../../auth/configured-providers.ts'
import { Button } from '../../ui/Button.tsx'

export const ProviderButtons = ({ providers, next }: { providers: ConfiguredProviders; next: string }) => {
  if (!providers.github && !providers.google) return null
  return (
    <>
      {providers.github && (
        <Button size="lg" onClick={() => void signIn('github', { callbackUrl: next })}>
          Continue with GitHub
        </Button>
      )}
      {providers.google && (
        <Button size="lg" onClick={() => void signIn('google', { callbackUrl: next })}>
          Continue with Google
        </Button>
      )}
      <div className="flex items-center gap-3 text-xs text-faint">
        <span className="h-px flex-1 bg-line" />
        or
        <span className="h-px flex-1 bg-line" />
      </div>
    </>
  )
}
