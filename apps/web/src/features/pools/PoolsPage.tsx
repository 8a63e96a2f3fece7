'use client'

import { useQuery } from '@tanstack/react-query'
import type { PoolSummary } from '@towline/contract/views'
import { Plus, Server } from 'lucide-react'
import Link from 'next/link'
import { useRouter, useSearchParams } from 'next/navigation'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Meter } from '../../ui/Meter.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { useRowKeys } from '../runs/use-row-keys.ts'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { Page } from '../shell/Page.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { CreatePoolForm } from './CreatePoolForm.tsx'
import { PoolBars } from './PoolBars.tsx'
import { PoolHealth } from './PoolHealth.tsx'

const poolColumns = (to: (path: string) => string): Column<PoolSummary>[] => [
  {
    id: 'name',
    title: 'Work pool',
    className: 'max-w-0 w-[30%] max-sm:w-full',
    cell: (pool) => (
      <div className="min-w-0">
        <Link
          href={to(`/pools/${pool.name}`)}
          prefetch={false}
          className="relative z-10 block truncate rounded-sm font-medium hover:underline"
        >
          {pool.name}
        </Link>
        {pool.description && <span className="block truncate text-xs text-faint">{pool.description}</span>}
      </div>
    ),
  },
  { id: 'health', title: 'Health', className: 'w-36', cell: (pool) => <PoolHealth pool={pool} /> },
  {
    id: 'recent',
    title: 'Recent runs',
    className: 'w-40 max-md:hidden',
    cell: (pool) => <PoolBars pool={pool.name} />,
  },
  { id: 'type', title: 'Type', className: 'w-28 max-sm:hidden', cell: (pool) => <span className="text-muted">{pool.type}</span> },
  {
    id: 'agents',
    title: 'Agents online',
    className: 'w-28 max-md:hidden text-right',
    cell: (pool) => `${pool.agentsOnline} of ${pool.agentsTotal}`,
  },
  {
    id: 'load',
    title: 'In use',
    className: 'w-40 max-sm:hidden',
    cell: (pool) =>
      pool.capacity > 0 ? (
        <Meter value={pool.running} max={pool.capacity} label="Runs against the capacity of agents online" />
      ) : (
        <span className="text-faint">–</span>
      ),
  },
  {
    id: 'waiting',
    title: 'Waiting',
    className: 'w-20 text-right',
    cell: (pool) => (pool.waiting > 0 ? pool.waiting : <span className="text-faint">0</span>),
  },
  { id: 'deployments', title: 'Deployments', className: 'w-28 text-right max-lg:hidden', cell: (pool) => pool.deployments },
]

export const PoolsPage = () => {
  const router = useRouter()
  const { to } = useWorkspace()
  const creating = useSearchParams().get('create') === '1'
  const pools = useQuery(useTRPC().pools.list.queryOptions())
  const rows = pools.data ?? []
  const current = useRowKeys({ ids: rows.map((pool) => pool.name), href: (name) => to(`/pools/${name}`) })
  const setCreating = (open: boolean) => router.replace(to(`/pools${open ? '?create=1' : ''}`), { scroll: false })
  const create = (
    <Button variant="primary" icon={<Plus size={14} />} onClick={() => setCreating(true)}>
      New pool
    </Button>
  )
  return (
    <Page title="Work pools" crumbs={[{ label: 'Work pools' }]}>
      <PageHeader
        title="Work pools"
        actions={
          <>
            <CopyCommand command="towline pools ls" call={{ procedure: 'pools.list' }} />
            {rows.length > 0 && create}
          </>
        }
      />
      {pools.error && !pools.data && (
        <ErrorNotice what="The work pools cannot be listed." error={pools.error} onRetry={() => void pools.refetch()} />
      )}
      {pools.isPending && <SkeletonRows rows={4} height="h-12" />}
      {pools.data?.length === 0 && (
        <EmptyState icon={<Server size={18} />} title="There is no work pool yet" actions={create}>
          A work pool is where runs go. Agents that you run in your own infrastructure pick them up from there.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <Table
          label="Work pools"
          columns={poolColumns(to)}
          rows={rows}
          rowId={(pool) => pool.name}
          href={(pool) => to(`/pools/${pool.name}`)}
          selectedId={current}
          dimmed={(pool) => pool.paused}
        />
      )}
      <Dialog
        open={creating}
        onOpenChange={setCreating}
        title="New work pool"
        description="Where runs go, and how they are launched there."
      >
        {creating && <CreatePoolForm onCreated={(pool) => router.push(to(`/pools/${pool.name}`))} />}
      </Dialog>
    </Page>
  )
}
