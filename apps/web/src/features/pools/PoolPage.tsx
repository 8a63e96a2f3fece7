'use client'

import { useQuery } from '@tanstack/react-query'
import type { PoolDetail } from '@towline/contract/views'
import { Pause, Server, Trash2 } from 'lucide-react'
import { useParams, useRouter, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Meter } from '../../ui/Meter.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { RunBars } from '../../ui/RunBars.tsx'
import { Section } from '../../ui/Section.tsx'
import { Skeleton, SkeletonRows } from '../../ui/Skeleton.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { Table } from '../../ui/Table.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { LimitField } from '../limits/LimitField.tsx'
import { runColumns } from '../runs/run-columns.tsx'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { Page } from '../shell/Page.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { AgentsTable } from './AgentsTable.tsx'
import { InstallAgent } from './InstallAgent.tsx'
import { PoolHealth } from './PoolHealth.tsx'
import { QueuesTab } from './QueuesTab.tsx'
import { usePoolActions } from './use-pool-actions.ts'
import { VariablesForm } from './VariablesForm.tsx'

const Agents = ({ pool }: { pool: PoolDetail }) => {
  const agents = useQuery(useTRPC().agents.list.queryOptions({ pool: pool.name }))
  if (agents.isPending) return <SkeletonRows rows={2} height="h-12" />
  if (agents.error) return <ErrorNotice what="The agents cannot be listed." error={agents.error} onRetry={() => void agents.refetch()} />
  if (agents.data.length > 0) return <AgentsTable agents={agents.data} />
  return (
    <EmptyState icon={<Server size={18} />} title="No agent serves this pool yet">
      <p>
        An agent is one process in your infrastructure. It only dials out, takes runs from this pool and launches them. It appears here when
        it connects.
      </p>
      <InstallAgent pool={pool} />
    </EmptyState>
  )
}

const Runs = ({ pool }: { pool: PoolDetail }) => {
  const { to } = useWorkspace()
  const runs = useQuery(useTRPC().runs.list.queryOptions({ filter: { pool: pool.name }, limit: 25 }))
  if (runs.isPending) return <SkeletonRows />
  if (!runs.data?.items.length)
    return <EmptyState title="Nothing has run here yet">Runs of deployments that name this pool appear here.</EmptyState>
  return (
    <Table
      label="Runs of this pool"
      columns={runColumns(to, { pool: false })}
      rows={runs.data.items}
      rowId={(run) => run.id}
      href={(run) => to(`/runs/${run.id}`)}
    />
  )
}

const Template = ({ pool }: { pool: PoolDetail }) => {
  const { whoami } = useWorkspace()
  const { update, remove } = usePoolActions(pool.name)
  const router = useRouter()
  const { to } = useWorkspace()
  const [deleting, setDeleting] = useState(false)
  const role = whoami?.workspace?.role
  return (
    <div className="flex flex-col gap-8">
      <VariablesForm
        type={pool.type}
        variables={pool.variables}
        saving={update.isPending}
        readOnly={role === 'viewer' || role === 'operator'}
        onSave={(variables) => update.mutate({ name: pool.name, variables })}
      />
      <Section title="Delete this pool">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-muted">
            {pool.deployments > 0
              ? 'Deployments still use it; delete them or register them with another pool first.'
              : 'Its queues, agents and agent keys go with it.'}
          </p>
          <Button variant="danger" icon={<Trash2 size={14} />} disabled={pool.deployments > 0} onClick={() => setDeleting(true)}>
            Delete…
          </Button>
        </div>
      </Section>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete ${pool.name}?`}
        action="Delete the pool"
        typeToConfirm={pool.name}
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ name: pool.name }, { onSuccess: () => router.push(to('/pools')) })}
      >
        {pool.agentsTotal > 0 ? `Its ${pool.agentsTotal} agents are disconnected for good, and their` : 'Its'} keys stop working.
      </ConfirmDialog>
    </div>
  )
}

const Body = ({ pool }: { pool: PoolDetail }) => {
  const trpc = useTRPC()
  const router = useRouter()
  const { to } = useWorkspace()
  const query = useSearchParams()
  const tab = query.get('tab') ?? 'agents'
  const { update } = usePoolActions(pool.name)
  const adding = query.get('add') === '1'
  const setAdding = (open: boolean) => router.replace(to(`/pools/${pool.name}${open ? '?add=1' : ''}`), { scroll: false })
  const history = useQuery(trpc.pools.history.queryOptions({ name: pool.name }))
  return (
    <>
      <PageHeader
        title={pool.name}
        badge={<PoolHealth pool={pool} />}
        description={
          pool.description ||
          `Runs are launched as ${pool.type === 'process' ? 'processes' : pool.type === 'docker' ? 'Docker containers' : 'Kubernetes jobs'}.`
        }
        actions={
          <>
            <CopyCommand command={`towline pools inspect ${pool.name}`} call={{ procedure: 'pools.get', input: { name: pool.name } }} />
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch is inside */}
            <label className="flex h-8 items-center gap-2 rounded-md border border-line-strong px-3">
              <Switch
                checked={!pool.paused}
                onChange={(open) => update.mutate({ name: pool.name, paused: !open })}
                label={pool.paused ? 'Resume the pool' : 'Pause the pool'}
              />
              {pool.paused ? 'Paused' : 'Open'}
            </label>
            <Button variant="primary" onClick={() => setAdding(true)}>
              Add an agent
            </Button>
          </>
        }
      />
      {pool.paused && (
        <Notice tone="yellow" icon={<Pause size={16} />} title="This pool is paused">
          Nothing new is handed to its agents. Runs that run go on; others wait until it is resumed.
        </Notice>
      )}
      <div className="flex flex-wrap items-start gap-x-10 gap-y-3">
        {[
          { label: 'Agents online', value: `${pool.agentsOnline} of ${pool.agentsTotal}` },
          { label: 'Waiting', value: pool.waiting },
          { label: 'Deployments', value: pool.deployments },
        ].map((fact) => (
          <div key={fact.label}>
            <p className="mb-1 text-xs text-faint">{fact.label}</p>
            <p className="text-lg leading-6 font-medium">{fact.value}</p>
          </div>
        ))}
        <div>
          <p className="mb-1 text-xs text-faint">Running against capacity</p>
          <div className="flex h-6 items-center">
            {pool.capacity > 0 ? (
              <Meter value={pool.running} max={pool.capacity} label="Running against capacity" />
            ) : (
              <span className="text-faint">no agent online</span>
            )}
          </div>
        </div>
        <div>
          <p className="mb-1 text-xs text-faint">Limit</p>
          <div className="flex min-h-6 items-center">
            <LimitField subject={{ kind: 'pool', pool: pool.name }} />
          </div>
        </div>
        {!!history.data?.length && (
          <div className="ml-auto max-sm:ml-0">
            <p className="mb-1 text-xs text-faint">Recent runs</p>
            <RunBars runs={history.data} href={(id) => to(`/runs/${id}`)} slots={40} />
          </div>
        )}
      </div>
      <Tabs
        label="Parts of the pool"
        value={tab}
        onChange={(next) => router.replace(to(`/pools/${pool.name}${next === 'agents' ? '' : `?tab=${next}`}`), { scroll: false })}
        tabs={[
          { id: 'agents', label: 'Agents', count: pool.agentsTotal, content: <Agents pool={pool} /> },
          { id: 'runs', label: 'Runs', content: <Runs pool={pool} /> },
          { id: 'queues', label: 'Queues', count: pool.queues.length, content: <QueuesTab pool={pool} /> },
          { id: 'template', label: 'Job template', content: <Template key={pool.id} pool={pool} /> },
        ]}
      />
      <Dialog
        open={adding}
        onOpenChange={setAdding}
        wide
        title="Add an agent"
        description={`It dials out to the gateway and takes runs from ${pool.name}. No port has to be opened.`}
      >
        {adding && <InstallAgent pool={pool} />}
      </Dialog>
    </>
  )
}

export const PoolPage = () => {
  const { name: encoded } = useParams<{ name: string }>()
  const name = decodeURIComponent(encoded)
  const { to } = useWorkspace()
  const pool = useQuery(useTRPC().pools.get.queryOptions({ name }))
  return (
    <Page title={name} crumbs={[{ label: 'Work pools', href: to('/pools') }, { label: name }]}>
      {pool.data ? (
        <Body key={pool.data.id} pool={pool.data} />
      ) : pool.error ? (
        <ErrorNotice
          what={`The pool ${name} cannot be shown.`}
          error={pool.error}
          onRetry={() => void pool.refetch()}
          elsewhere={{ href: to('/pools'), label: 'All work pools' }}
        />
      ) : (
        <>
          <Skeleton className="h-8 w-64" />
          <Skeleton className="h-12 w-96 max-w-full" />
          <SkeletonRows rows={3} height="h-12" />
        </>
      )}
    </Page>
  )
}
