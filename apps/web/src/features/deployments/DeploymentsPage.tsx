'use client'

import { useQuery } from '@tanstack/react-query'
import { Box, Search } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { useRef } from 'react'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Input } from '../../ui/Input.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import { useRowKeys } from '../runs/use-row-keys.ts'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { Page } from '../shell/Page.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { DeployCommands } from './DeployCommands.tsx'
import { deploymentColumns } from './deployment-columns.tsx'

export const DeploymentsPage = () => {
  const router = useRouter()
  const { to } = useWorkspace()
  const search = useSearchParams().get('q') ?? ''
  const searchRef = useRef<HTMLInputElement>(null)
  const deployments = useQuery(useTRPC().deployments.list.queryOptions())
  const needle = search.trim().toLowerCase()
  const rows = (deployments.data ?? []).filter((deployment) =>
    [deployment.name, deployment.flow, deployment.description, deployment.poolName, ...deployment.tags].some((text) =>
      text.toLowerCase().includes(needle),
    ),
  )
  const current = useRowKeys({
    ids: rows.map((deployment) => deployment.name),
    href: (name) => to(`/deployments/${name}`),
    onSearch: () => searchRef.current?.focus(),
  })
  const setSearch = (text: string) => router.replace(to(`/deployments${text ? `?q=${encodeURIComponent(text)}` : ''}`), { scroll: false })
  return (
    <Page title="Deployments" crumbs={[{ label: 'Deployments' }]}>
      <PageHeader title="Deployments" actions={<CopyCommand command="towline deployments ls" call={{ procedure: 'deployments.list' }} />} />
      {deployments.error && !deployments.data && (
        <ErrorNotice what="The deployments cannot be listed." error={deployments.error} onRetry={() => void deployments.refetch()} />
      )}
      {deployments.isPending && <SkeletonRows rows={6} height="h-12" />}
      {deployments.data?.length === 0 && (
        <EmptyState icon={<Box size={18} />} title="No deployment is registered yet">
          <p>
            A deployment says which flow runs, on which pool, with which defaults. Register one from your terminal; it appears here by
            itself.
          </p>
          <DeployCommands />
        </EmptyState>
      )}
      {!!deployments.data?.length && (
        <>
          <Input
            ref={searchRef}
            icon={<Search size={14} />}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            placeholder="Search deployments"
            aria-label="Search deployments"
            className="sm:w-72"
          />
          {rows.length === 0 ? (
            <EmptyState title="No deployment matches" actions={<Button onClick={() => setSearch('')}>Clear the search</Button>} />
          ) : (
            <Table
              label="Deployments"
              columns={deploymentColumns(to)}
              rows={rows}
              rowId={(deployment) => deployment.name}
              href={(deployment) => to(`/deployments/${deployment.name}`)}
              selectedId={current}
              dimmed={(deployment) => deployment.paused}
            />
          )}
        </>
      )}
    </Page>
  )
}
