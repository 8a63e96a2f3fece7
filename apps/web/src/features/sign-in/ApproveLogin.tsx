'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { CircleCheck, Terminal } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { readError } from '../../trpc/read-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Field } from '../../ui/Field.tsx'
import { Input } from '../../ui/Input.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Select } from '../../ui/Select.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Card } from './Card.tsx'

const EnterCode = ({ onCode }: { onCode: (code: string) => void }) => {
  const [code, setCode] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onCode(code.trim())
  }
  return (
    <Card title="Sign in from a terminal" description="Type the code that your terminal shows.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Code">
          <Input value={code} onChange={(event) => setCode(event.target.value)} mono autoFocus placeholder="ABCD-EFGH" required />
        </Field>
        <Button type="submit" variant="primary" size="lg">
          Continue
        </Button>
      </form>
    </Card>
  )
}

const Done = ({ approved, clientName }: { approved: boolean; clientName: string }) => (
  <Card title={approved ? 'You are signed in' : 'Sign-in refused'}>
    <Notice
      tone={approved ? 'green' : 'grey'}
      icon={<CircleCheck size={16} />}
      title={approved ? `${clientName} has its key.` : `${clientName} got no key.`}
    >
      {approved
        ? 'Go back to your terminal. You can close this page. The key is listed in Settings, where it can be revoked.'
        : 'Nothing was changed.'}
    </Notice>
  </Card>
)

const ClosedRequest = ({ status }: { status: 'approved' | 'denied' | 'expired' }) => (
  <Card title="This code is no longer open">
    <Notice tone="amber" title={status === 'expired' ? 'It has expired.' : `It was ${status} already.`}>
      Run <span className="font-mono">towline login</span> again for a new code.
    </Notice>
  </Card>
)

const Approve = ({ userCode }: { userCode: string }) => {
  const trpc = useTRPC()
  const request = useQuery(trpc.login.get.queryOptions({ userCode }, { retry: false }))
  const whoami = useQuery(trpc.auth.whoami.queryOptions())
  const [chosen, setChosen] = useState<string>()
  const onError = (error: unknown) => toast.error('The answer was not taken.', { description: readError(error).message })
  const approve = useMutation(trpc.login.approve.mutationOptions({ onError }))
  const deny = useMutation(trpc.login.deny.mutationOptions({ onError }))

  if (request.error) {
    return (
      <Card title="Sign in from a terminal">
        <ErrorNotice what={`The code ${userCode} cannot be approved.`} error={request.error} />
      </Card>
    )
  }
  if (!request.data || !whoami.data) {
    return (
      <Card title="Sign in from a terminal">
        <Skeleton className="h-5 w-48" />
        <Skeleton className="h-14 w-full" />
        <Skeleton className="h-10 w-full" />
      </Card>
    )
  }
  if (approve.isSuccess || deny.isSuccess) return <Done approved={approve.isSuccess} clientName={request.data.clientName} />
  if (request.data.status !== 'pending') return <ClosedRequest status={request.data.status} />

  const { workspaces, user } = whoami.data
  const workspaceId = chosen ?? workspaces[0]?.id
  return (
    <Card
      title="Let this terminal in?"
      description={
        <>
          <Terminal size={13} className="mr-1 inline" />
          <strong className="font-medium text-text">{request.data.clientName}</strong> asks to act as {user?.email}.
        </>
      }
    >
      <div className="rounded-lg border border-line bg-sunken py-4 text-center">
        <p className="text-xs text-faint">Your terminal must show the same code</p>
        <p className="mt-1 font-mono text-xl font-semibold tracking-widest">{request.data.userCode}</p>
      </div>
      {workspaces.length === 0 ? (
        <Notice tone="amber" title="You have no workspace yet.">
          <a className="text-accent underline" href="/new">
            Create one
          </a>
          , then open this page again.
        </Notice>
      ) : (
        <Field label="Workspace" hint="The key reaches this workspace only, with your role in it.">
          <Select
            value={workspaceId}
            onChange={setChosen}
            options={workspaces.map((workspace) => ({ value: workspace.id, label: workspace.name }))}
          />
        </Field>
      )}
      <div className="grid grid-cols-2 gap-2">
        <Button size="lg" busy={deny.isPending} onClick={() => deny.mutate({ userCode })}>
          Deny
        </Button>
        <Button
          variant="primary"
          size="lg"
          busy={approve.isPending}
          disabled={!workspaceId}
          onClick={() => workspaceId && approve.mutate({ userCode, workspaceId })}
        >
          Approve
        </Button>
      </div>
    </Card>
  )
}

export const ApproveLogin = ({ code }: { code: string | null }) => {
  const [userCode, setUserCode] = useState(code)
  return userCode ? <Approve userCode={userCode} /> : <EnterCode onCode={setUserCode} />
}
