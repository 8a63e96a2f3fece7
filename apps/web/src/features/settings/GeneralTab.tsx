'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { toastError } from '../../trpc/toast-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { Field } from '../../ui/Field.tsx'
import { Input } from '../../ui/Input.tsx'
import { KeyValue } from '../../ui/KeyValue.tsx'
import { Section } from '../../ui/Section.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'

const NameForm = ({ name, allowed }: { name: string; allowed: boolean }) => {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [typed, setTyped] = useState(name)
  const update = useMutation(
    trpc.workspaces.update.mutationOptions({
      onSuccess: () => {
        toast.success('Saved')
        void queryClient.invalidateQueries(trpc.auth.whoami.pathFilter())
      },
      onError: toastError('The name was not changed'),
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    update.mutate({ name: typed.trim() })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Name" hint={allowed ? undefined : 'Only an owner can change it.'}>
        <Input value={typed} onChange={(event) => setTyped(event.target.value)} maxLength={80} required disabled={!allowed} />
      </Field>
      <Button
        type="submit"
        variant="primary"
        className="self-start"
        busy={update.isPending}
        disabled={!allowed || !typed.trim() || typed.trim() === name}
      >
        Save
      </Button>
    </form>
  )
}

export const GeneralTab = () => {
  const { whoami, installation } = useWorkspace()
  const workspace = whoami?.workspace
  if (!workspace) return null
  return (
    <div className="flex flex-col gap-5">
      <Section title="Workspace">
        <NameForm key={workspace.name} name={workspace.name} allowed={workspace.role === 'owner'} />
      </Section>
      <Section title="Addresses">
        <KeyValue
          facts={[
            { label: 'Workspace', value: <CopyField value={workspace.slug} /> },
            { label: 'Id', value: <CopyField value={workspace.id} /> },
            { label: 'API and dashboard', value: <CopyField value={installation.publicUrl} /> },
            { label: 'Gateway', value: <CopyField value={installation.gatewayUrl} /> },
          ]}
        />
      </Section>
    </div>
  )
}
