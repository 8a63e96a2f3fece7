'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { readError } from '../../trpc/read-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Field } from '../../ui/Field.tsx'
import { Input } from '../../ui/Input.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Select } from '../../ui/Select.tsx'

const EXPIRY = [
  { value: 'never', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
] as const

export const CreateKeyForm = ({ onDone }: { onDone: () => void }) => {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const pools = useQuery(trpc.pools.list.queryOptions())
  const [kind, setKind] = useState<'user' | 'agent'>('user')
  const [name, setName] = useState('')
  const [pool, setPool] = useState<string>()
  const [expiry, setExpiry] = useState<(typeof EXPIRY)[number]['value']>('never')
  const create = useMutation(
    trpc.keys.create.mutationOptions({ onSuccess: () => void queryClient.invalidateQueries(trpc.keys.pathFilter()) }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({
      kind,
      name: name.trim(),
      ...(kind === 'agent' && pool ? { pool } : {}),
      ...(expiry === 'never' ? {} : { expiresInDays: Number(expiry) }),
    })
  }
  if (create.data) {
    return (
      <div className="flex flex-col gap-4">
        <Notice tone="amber" title="Copy it now: it is not shown again." />
        <CodeBlock code={create.data.secret} label="key" />
        <Button variant="primary" className="self-end" onClick={onDone}>
          Done
        </Button>
      </div>
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="For">
        <Select
          value={kind}
          onChange={setKind}
          options={[
            { value: 'user', label: 'The CLI and scripts', hint: 'Acts as you, in this workspace only' },
            { value: 'agent', label: 'Agents', hint: 'Opens the connection of agents of one pool, nothing else' },
          ]}
        />
      </Field>
      {kind === 'agent' && (
        <Field label="Work pool">
          <Select value={pool} onChange={setPool} options={(pools.data ?? []).map((one) => ({ value: one.name, label: one.name }))} />
        </Field>
      )}
      <Field label="Name" hint="What uses it, so that you know which one to revoke.">
        <Input
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          maxLength={120}
          placeholder={kind === 'agent' ? 'build-box-1' : 'CI of the shop'}
        />
      </Field>
      <Field label="Expires">
        <Select value={expiry} onChange={setExpiry} options={EXPIRY} />
      </Field>
      {create.error && (
        <Notice tone="red" title="The key was not created.">
          {readError(create.error).message}
        </Notice>
      )}
      <Button
        type="submit"
        variant="primary"
        className="self-end"
        busy={create.isPending}
        disabled={!name.trim() || (kind === 'agent' && !pool)}
      >
        Create the key
      </Button>
    </form>
  )
}
