'use client'

import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import type { ConfiguredProviders } from '../../auth/configured-providers.ts'
import { readError } from '../../trpc/read-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { Input } from '../../ui/Input.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Card } from './Card.tsx'
import { ProviderButtons } from './ProviderButtons.tsx'
import { signInWithPassword } from './sign-in-with-password.ts'

const MIN_PASSWORD = 10

export const SignUpForm = ({ providers, next }: { providers: ConfiguredProviders; next: string }) => {
  const [problem, setProblem] = useState<string | null>(null)
  const [entering, setEntering] = useState(false)
  const signUp = useMutation(useTRPC().auth.signUp.mutationOptions())

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const [email, password, name] = [String(data.get('email')), String(data.get('password')), String(data.get('name'))]
    setProblem(null)
    try {
      await signUp.mutateAsync({ email, password, name })
    } catch (error) {
      const told = readError(error)
      setProblem(told.id && told.code === 'internal' ? `${told.message} (${told.id})` : told.message)
      return
    }
    setEntering(true)
    const wrong = await signInWithPassword(email, password)
    if (!wrong) location.assign(next)
    else {
      setEntering(false)
      setProblem(wrong)
    }
  }

  return (
    <Card
      title="Create your account"
      description="Run workflows on your own infrastructure, watched from here."
      footer={
        <>
          Have an account?{' '}
          <Link href={`/sign-in?next=${encodeURIComponent(next)}`} className="font-medium text-accent hover:underline">
            Sign in
          </Link>
        </>
      }
    >
      <ProviderButtons providers={providers} next={next} />
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label="Name">
          <Input name="name" required autoComplete="name" autoFocus maxLength={120} />
        </Field>
        <Field label="Email">
          <Input name="email" type="email" required autoComplete="email" />
        </Field>
        <Field label="Password" hint={`At least ${MIN_PASSWORD} characters.`}>
          <Input name="password" type="password" required minLength={MIN_PASSWORD} autoComplete="new-password" />
        </Field>
        {problem && <Notice tone="red" title={problem} />}
        <Button type="submit" variant="primary" size="lg" busy={signUp.isPending || entering}>
          Create account
        </Button>
      </form>
    </Card>
  )
}
