'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { readError } from '../../trpc/read-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { Input } from '../../ui/Input.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Card } from './Card.tsx'
import { makeSlug } from './make-slug.ts'

export const NewWorkspaceForm = () => {
  const trpc = useTRPC()
  const whoami = useQuery(trpc.auth.whoami.queryOptions())
  const [name, setName] = useState('')
  const [typedSlug, setTypedSlug] = useState<string | null>(null)
  const [leaving, setLeaving] = useState(false)
  const slug = typedSlug ?? makeSlug(name)
  const create = useMutation(
    trpc.workspaces.create.mutationOptions({
      onSuccess: (workspace) => {
        setLeaving(true)
        location.assign(`/w/${workspace.slug}/start`)
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(slug ? { name: name.trim(), slug } : { name: name.trim() })
  }
  const first = whoami.data?.user?.name.split(' ')[0]
  const others = whoami.data?.workspaces ?? []
  return (
    <Card
      title="Create a workspace"
      description={
        others.length > 0
          ? 'Pools, deployments and runs of a workspace are seen by its members only.'
          : `${first ? `Welcome, ${first}. ` : ''}A workspace holds your pools, deployments and runs.`
      }
      footer={
        others[0] && (
          <a href={`/w/${others[0].slug}`} className="font-medium text-accent hover:underline">
            Back to {others[0].name}
          </a>
        )
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name">
          <Input value={name} onChange={(event) => setName(event.target.value)} required maxLength={80} autoFocus placeholder="Acme" />
        </Field>
        <Field label="Address" hint={`/w/${slug || '…'}`}>
          <Input
            value={slug}
            onChange={(event) => setTypedSlug(event.target.value)}
            mono
            pattern="[a-z0-9]([a-z0-9\-]{0,46}[a-z0-9])?"
            title="Lower-case letters, digits and dashes"
          />
        </Field>
        {create.error && <Notice tone="red" title={readError(create.error).message} />}
        <Button type="submit" variant="primary" size="lg" busy={create.isPending || leaving} disabled={!name.trim()}>
          Create workspace
        </Button>
      </form>
    </Card>
  )
}
