'use client'

import { useQuery } from '@tanstack/react-query'
import type { DeploymentDetail } from '@towline/contract/views'
import { Ellipsis, Pause, Play, Trash2 } from 'lucide-react'
import { useParams, useRouter, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Skeleton, SkeletonRows } from '../../ui/Skeleton.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { runCommand } from '../run/run-command.ts'
import { RunDialog } from '../run-form/RunDialog.tsx'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { Page } from '../shell/Page.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { DeploymentFacts } from './DeploymentFacts.tsx'
import { Configuration, RecentRuns, Versions } from './DeploymentTabs.tsx'
import { useDeploymentActions } from './use-deployment-actions.ts'

/** The dialog opens from the address (`?run=1`, with `like` a run whose parameters it starts with), so it can be linked to. */
const RunFromAddress = ({ deployment }: { deployment: DeploymentDetail }) => {
  const router = useRouter()
  const { to } = useWorkspace()
  const query = useSearchParams()
  const like = query.get('like')
  const open = query.get('run') === '1'
  const source = useQuery(useTRPC().runs.get.queryOptions({ id: like ?? '' }, { enabled: open && like !== null }))
  if (open && like && source.isPending) return null
  return (
    <RunDialog
      deployment={deployment}
      open={open}
      like={source.data?.parameters ?? null}
      onOpenChange={(next) => router.replace(to(`/deployments/${deployment.name}${next ? '?run=1' : ''}`), { scroll: false })}
    />
  )
}

const Actions = ({ deployment }: { deployment: DeploymentDetail }) => {
  const router = useRouter()
  const { to } = useWorkspace()
  const { pause, remove } = useDeploymentActions(deployment.name)
  const [deleting, setDeleting] = useState(false)
  const { name, paused } = deployment
  return (
    <>
      <CopyCommand command={runCommand({ deployment, parameters: {} })} call={{ procedure: 'deployments.get', input: { name } }} />
      <Menu
        trigger={
          <IconButton label="More" className="size-8 border border-line-strong">
            <Ellipsis size={15} />
          </IconButton>
        }
      >
        <MenuItem icon={paused ? <Play size={14} /> : <Pause size={14} />} onSelect={() => pause.mutate({ name, paused: !paused })}>
          {paused ? 'Resume' : 'Pause'}
        </MenuItem>
        <MenuItem icon={<Trash2 size={14} />} danger onSelect={() => setDeleting(true)}>
          Delete…
        </MenuItem>
      </Menu>
      <Button
        variant="primary"
        icon={<Play size={14} />}
        onClick={() => router.replace(to(`/deployments/${name}?run=1`), { scroll: false })}
      >
        Run…
      </Button>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete ${name}?`}
        action="Delete the deployment"
        busy={remove.isPending}
        typeToConfirm={name}
        onConfirm={() => remove.mutate({ name }, { onSuccess: () => router.push(to('/deployments')) })}
      >
        Its {deployment.versions.length === 1 ? 'version goes' : `${deployment.versions.length} versions go`} with it, and it can no longer
        be run. The history of its runs is deleted too. <span className="font-mono">towline deploy</span> registers it anew, starting at
        version 1.
      </ConfirmDialog>
    </>
  )
}

const Body = ({ deployment }: { deployment: DeploymentDetail }) => {
  const router = useRouter()
  const { to } = useWorkspace()
  const { pause } = useDeploymentActions(deployment.name)
  const tab = useSearchParams().get('tab') ?? 'runs'
  return (
    <>
      <PageHeader
        title={deployment.name}
        badge={<span className="text-muted">v{deployment.version}</span>}
        description={deployment.description || `Flow ${deployment.flow} on ${deployment.poolName}`}
        actions={<Actions deployment={deployment} />}
      />
      {deployment.paused && (
        <Notice
          tone="yellow"
          icon={<Pause size={16} />}
          title="This deployment is paused"
          actions={
            <Button size="sm" busy={pause.isPending} onClick={() => pause.mutate({ name: deployment.name, paused: false })}>
              Resume
            </Button>
          }
        >
          Runs that are asked for wait until it is resumed. Those that run go on.
        </Notice>
      )}
      <DeploymentFacts deployment={deployment} />
      <Tabs
        label="Parts of the deployment"
        value={tab}
        onChange={(next) =>
          router.replace(to(`/deployments/${deployment.name}${next === 'runs' ? '' : `?tab=${next}`}`), { scroll: false })
        }
        tabs={[
          { id: 'runs', label: 'Runs', content: <RecentRuns name={deployment.name} /> },
          { id: 'configuration', label: 'Configuration', content: <Configuration deployment={deployment} /> },
          { id: 'versions', label: 'Versions', count: deployment.versions.length, content: <Versions deployment={deployment} /> },
        ]}
      />
      <RunFromAddress deployment={deployment} />
    </>
  )
}

export const DeploymentPage = () => {
  const { name: encoded } = useParams<{ name: string }>()
  const name = decodeURIComponent(encoded)
  const { to } = useWorkspace()
  const deployment = useQuery(useTRPC().deployments.get.queryOptions({ name }))
  return (
    <Page title={name} crumbs={[{ label: 'Deployments', href: to('/deployments') }, { label: name }]}>
      {deployment.data ? (
        <Body key={deployment.data.id} deployment={deployment.data} />
      ) : deployment.error ? (
        <ErrorNotice
          what={`The deployment ${name} cannot be shown.`}
          error={deployment.error}
          onRetry={() => void deployment.refetch()}
          elsewhere={{ href: to('/deployments'), label: 'All deployments' }}
        />
      ) : (
        <>
          <Skeleton className="h-8 w-64" />
          <Skeleton className="h-9 w-full" />
          <SkeletonRows />
        </>
      )}
    </Page>
  )
}
