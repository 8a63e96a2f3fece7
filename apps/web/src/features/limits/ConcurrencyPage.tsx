'use client'

import { useQuery } from '@tanstack/react-query'
import type { LimitView } from '@towline/contract/limit-views'
import { Layers, Plus } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import { useRowKeys } from '../runs/use-row-keys.ts'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { Page } from '../shell/Page.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { LimitDialog } from './form/LimitDialog.tsx'
import { limitColumns } from './limit-columns.tsx'
import { Suggestions } from './Suggestions.tsx'
import { useCanEdit } from './use-can-edit.ts'

/** The dialog opens from the address: `?create=1&tag=api`, `?edit=<id>`. */
const DialogFromAddress = ({ limits }: { limits: LimitView[] | undefined }) => {
  const router = useRouter()
  const { to } = useWorkspace()
  const query = useSearchParams()
  const close = () => router.replace(to('/concurrency'), { scroll: false })
  const edited = limits?.find((limit) => limit.id === query.get('edit'))
  if (edited) return <LimitDialog key={edited.id} limit={edited} onClose={close} />
  if (query.get('create') !== '1') return null
  const tag = query.get('tag')
  return <LimitDialog key={tag} start={tag ? { kind: 'tag', tag } : {}} onClose={close} />
}

const Empty = ({ onCreate, onPick }: { onCreate: (() => void) | null; onPick: (tag: string) => void }) => (
  <div className="flex flex-col gap-5">
    <EmptyState
      icon={<Layers size={18} />}
      title="Nothing is bounded yet"
      actions={
        onCreate && (
          <Button variant="primary" icon={<Plus size={14} />} onClick={onCreate}>
            New limit
          </Button>
        )
      }
    >
      <p>
        A limit says how much may happen at once: three runs that load the warehouse, ten calls to one API, one run of a deployment. Whoever
        finds it full waits in line and starts the moment a slot is free.
      </p>
      <CodeBlock prompt label="command" code="towline limits set payments-api 3" />
    </EmptyState>
    <div className="mx-auto w-full max-w-xl">
      <Suggestions onPick={onPick} />
    </div>
  </div>
)

export const ConcurrencyPage = () => {
  const router = useRouter()
  const { to } = useWorkspace()
  const canEdit = useCanEdit()
  const limits = useQuery(useTRPC().limits.list.queryOptions())
  const rows = limits.data ?? []
  const current = useRowKeys({ ids: rows.map((limit) => limit.id), href: (id) => to(`/concurrency/${id}`) })
  const open = (query: string) => router.replace(to(`/concurrency?${query}`), { scroll: false })
  const onCreate = () => open('create=1')
  const onPick = (tag: string) => open(`create=1&tag=${encodeURIComponent(tag)}`)
  return (
    <Page title="Concurrency" crumbs={[{ label: 'Concurrency' }]}>
      <PageHeader
        title="Concurrency"
        description={rows.length > 0 ? 'What is bounded, who holds it and who waits.' : undefined}
        actions={
          <>
            <CopyCommand command="towline limits ls" call={{ procedure: 'limits.list' }} />
            {canEdit && rows.length > 0 && (
              <Button variant="primary" icon={<Plus size={14} />} onClick={onCreate}>
                New limit
              </Button>
            )}
          </>
        }
      />
      {limits.error && !limits.data && (
        <ErrorNotice what="The limits cannot be listed." error={limits.error} onRetry={() => void limits.refetch()} />
      )}
      {limits.isPending && <SkeletonRows rows={5} height="h-12" />}
      {limits.data?.length === 0 && <Empty onCreate={canEdit ? onCreate : null} onPick={onPick} />}
      {rows.length > 0 && (
        <>
          <Table
            label="Limits"
            columns={limitColumns({ to, canEdit, onEdit: (limit) => open(`edit=${limit.id}`) })}
            rows={rows}
            rowId={(limit) => limit.id}
            href={(limit) => to(`/concurrency/${limit.id}`)}
            selectedId={current}
          />
          <Suggestions onPick={onPick} />
        </>
      )}
      <DialogFromAddress limits={limits.data} />
    </Page>
  )
}
