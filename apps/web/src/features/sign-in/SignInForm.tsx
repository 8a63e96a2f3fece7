'use client'

import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import type { ConfiguredProviders } from '../../auth/configured-providers.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { Input } from '../../ui/Input.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Card } from './Card.tsx'
import { ProviderButtons } from './ProviderButtons.tsx'
import { describeSignInError, signInWithPassword } from './sign-in-with-password.ts'

/** The account of an installation that was made to be tried: one click signs in. */
export type Demo = { email: string; password: string }

type Props = { providers: ConfiguredProviders; next: string; error: string | null; demo: Demo | null }

export const SignInForm = ({ providers, next, error, demo }: Props) => {
  const [busy, setBusy] = useState<'form' | 'demo' | null>(null)
  const [problem, setProblem] = useState<string | null>(error ? describeSignInError(error) : null)

  const enter = async (email: string, password: string, from: 'form' | 'demo') => {
    setBusy(from)
    const wrong = await signInWithPassword(email, password)
    setProblem(wrong)
    if (wrong) setBusy(null)
    else location.assign(next)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    void enter(String(data.get('email')), String(data.get('password')), 'form')
  }

  return (
    <Card
      title="Sign in"
      footer={
        <>
          New here?{' '}
          <Link
            href={next === '/' ? '/sign-up' : `/sign-up?next=${encodeURIComponent(next)}`}
            className="font-medium text-accent hover:underline"
          >
            Create an account
          </Link>
        </>
      }
    >
      {demo && (
        <Button variant="primary" size="lg" busy={busy === 'demo'} onClick={() => void enter(demo.email, demo.password, 'demo')}>
          Open the demo workspace
        </Button>
      )}
      <ProviderButtons providers={providers} next={next} />
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Email">
          <Input name="email" type="email" required autoComplete="email" autoFocus={!demo} />
        </Field>
        <Field label="Password">
          <Input name="password" type="password" required autoComplete="current-password" />
        </Field>
        {problem && <Notice tone="red" title={problem} />}
        <Button type="submit" variant={demo ? 'secondary' : 'primary'} size="lg" busy={busy === 'form'}>
          Sign in
        </Button>
      </form>
    </Card>
  )
}
