'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { nameSchema } from '@towline/contract/ids'
import type { PoolType } from '@towline/contract/run-spec'
import type { PoolDetail } from '@towline/contract/views'
import { type Boxes, Container, Terminal } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { readError } from '../../trpc/read-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatSentence } from '../../ui/format/format-sentence.ts'
import { Input } from '../../ui/Input.tsx'
import { Notice } from '../../ui/Notice.tsx'

/** Kubernetes joins when agents can launch there. */
const TYPES = [
  { value: 'process', label: 'Process', text: 'Runs are processes on the agent’s host. Nothing to set up.', icon: Terminal },
  { value: 'docker', label: 'Docker', text: 'Each run is a container on the agent’s host.', icon: Container },
] as const satisfies { value: PoolType; label: string; text: string; icon: typeof Boxes }[]

export const CreatePoolForm = ({ onCreated, suggested = '' }: { onCreated: (pool: PoolDetail) => void; suggested?: string }) => {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [name, setName] = useState(suggested)
  const [type, setType] = useState<PoolType>('process')
  const [description, setDescription] = useState('')
  const create = useMutation(
    trpc.pools.create.mutationOptions({
      onSuccess: (pool) => {
        void queryClient.invalidateQueries(trpc.pools.pathFilter())
        void queryClient.invalidateQueries(trpc.guide.pathFilter())
        onCreated(pool)
      },
    }),
  )
  const refusal = name === '' ? undefined : nameSchema.safeParse(name).error?.issues[0]?.message
  const wrong = refusal === undefined ? null : formatSentence(refusal)
  const told = create.error ? readError(create.error) : null
  const taken = told?.code === 'already_exists'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name && !wrong) create.mutate({ name, type, ...(description.trim() ? { description: description.trim() } : {}) })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 text-left">
      <Field label="Name" hint="Deployments name it, agents serve it." error={wrong ?? (taken ? told.message : null)}>
        <Input value={name} onChange={(event) => setName(event.target.value)} mono autoFocus required placeholder="production" />
      </Field>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1.5 font-medium">How runs are launched</legend>
        <RadioGroup.Root
          value={type}
          onValueChange={(next) => setType(next as PoolType)}
          aria-label="How runs are launched"
          className="grid gap-2 sm:grid-cols-2"
        >
          {TYPES.map((option) => (
            <RadioGroup.Item
              key={option.value}
              value={option.value}
              className="flex flex-col gap-1 rounded-lg border border-line-strong p-3 text-left hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-selection"
            >
              <span className="flex items-center gap-2 font-medium">
                <option.icon size={15} className="text-faint" /> {option.label}
              </span>
              <span className="text-xs text-muted">{option.text}</span>
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
      </fieldset>
      <Field label="Description" aside="optional">
        <Input value={description} onChange={(event) => setDescription(event.target.value)} maxLength={2000} />
      </Field>
      {told && !taken && (
        <Notice tone="red" title="The pool was not created.">
          {told.message} {told.id && <span className="font-mono text-xs">({told.id})</span>}
        </Notice>
      )}
      <Button type="submit" variant="primary" className="self-end" busy={create.isPending} disabled={!name || wrong !== null}>
        Create the pool
      </Button>
    </form>
  )
}
