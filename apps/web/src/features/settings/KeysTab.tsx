'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { KeyView } from '@towline/contract/views'
import { KeyRound, Plus } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { toastError } from '../../trpc/toast-error.ts'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { Time } from '../../ui/Time.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { CreateKeyForm } from './CreateKeyForm.tsx'

const stateOf = (key: KeyView): { word: string; over: boolean } => {
  if (key.revokedAt) return { word: 'Revoked', over: true }
  if (key.expiresAt && key.expiresAt.getTime() < Date.now()) return { word: 'Expired', over: true }
  return { word: 'Active', over: false }
}

const columns = (onRevoke: (key: KeyView) => void): Column<KeyView>[] => [
  {
    id: 'name',
    title: 'Key',
    className: 'max-w-0 w-[34%] max-sm:w-full',
    cell: (key) => (
      <div className="min-w-0">
        <span className="block truncate font-medium">{key.name}</span>
        <span className="block truncate font-mono text-xs text-faint">{key.prefix}…</span>
      </div>
    ),
  },
  {
    id: 'kind',
    title: 'For',
    className: 'max-sm:hidden',
    cell: (key) => <span className="text-muted">{key.kind === 'agent' ? `agents of ${key.poolName}` : 'the CLI and scripts'}</span>,
  },
  { id: 'state', title: 'State', className: 'w-24', cell: (key) => stateOf(key).word },
  {
    id: 'used',
    title: 'Last used',
    className: 'w-28 text-right max-md:hidden',
    cell: (key) => (key.lastUsedAt ? <Time at={key.lastUsedAt} /> : <span className="text-faint">never</span>),
  },
  {
    id: 'expires',
    title: 'Expires',
    className: 'w-28 text-right max-lg:hidden',
    cell: (key) => (key.expiresAt ? <Time at={key.expiresAt} /> : <span className="text-faint">never</span>),
  },
  {
    id: 'revoke',
    title: <span className="sr-only">Actions</span>,
    className: 'w-24 text-right',
    cell: (key) =>
      !stateOf(key).over && (
        <Button size="sm" variant="ghost" onClick={() => onRevoke(key)}>
          Revoke
        </Button>
      ),
  },
]

export const KeysTab = () => {
  const trpc = useTRPC()
  const router = useRouter()
  const { to } = useWorkspace()
  const queryClient = useQueryClient()
  const creating = useSearchParams().get('create') === '1'
  const [revoking, setRevoking] = useState<KeyView | null>(null)
  const keys = useQuery(trpc.keys.list.queryOptions())
  const setCreating = (open: boolean) => router.replace(to(`/settings?tab=keys${open ? '&create=1' : ''}`), { scroll: false })
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({
      onMutate: ({ id }) => {
        const before = queryClient.getQueryData(trpc.keys.list.queryKey())
        queryClient.setQueryData(trpc.keys.list.queryKey(), (now) =>
          now?.map((key) => (key.id === id ? { ...key, revokedAt: new Date() } : key)),
        )
        return { before }
      },
      onSuccess: () => toast.success('The key is revoked'),
      onError: (error, _input, context) => {
        queryClient.setQueryData(trpc.keys.list.queryKey(), context?.before)
        toastError('The key was not revoked')(error)
      },
      onSettled: () => void queryClient.invalidateQueries(trpc.keys.pathFilter()),
    }),
  )
  const create = (
    <Button variant="primary" icon={<Plus size={14} />} onClick={() => setCreating(true)}>
      New key
    </Button>
  )
  return (
    <div className="flex flex-col gap-4">
      {keys.error && !keys.data && <ErrorNotice what="The keys cannot be listed." error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isPending && <SkeletonRows rows={4} height="h-12" />}
      {keys.data?.length === 0 && (
        <EmptyState icon={<KeyRound size={18} />} title="There is no key yet" actions={create}>
          Keys let the CLI, scripts and agents in. <span className="font-mono">towline login</span> makes one for your terminal by itself.
        </EmptyState>
      )}
      {!!keys.data?.length && (
        <>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="text-muted">
              A key is shown once, when it is created. Revoking takes effect at once; an agent’s key closes its connection.
            </p>
            {create}
          </div>
          <Table
            label="API keys"
            columns={columns(setRevoking)}
            rows={keys.data}
            rowId={(key) => key.id}
            dimmed={(key) => stateOf(key).over}
          />
        </>
      )}
      <Dialog open={creating} onOpenChange={setCreating} title="New key">
        {creating && <CreateKeyForm onDone={() => setCreating(false)} />}
      </Dialog>
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={`Revoke ${revoking?.name}?`}
        action="Revoke the key"
        onConfirm={() => {
          if (revoking) revoke.mutate({ id: revoking.id })
          setRevoking(null)
        }}
      >
        {revoking?.kind === 'agent'
          ? `Agents of ${revoking.poolName} that use it are disconnected at once and do not come back. Their runs are taken over when their lease ends.`
          : 'Whatever uses it is refused from now on. There is no way back; make a new key instead.'}
      </ConfirmDialog>
    </div>
  )
}
