'use client'

import { useQuery } from '@tanstack/react-query'
import type { DeploymentDetail } from '@towline/contract/views'
import Link from 'next/link'
import { useTRPC } from '../../trpc/trpc.ts'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { formatLiveDuration } from '../../ui/format/format-duration.ts'
import { type Fact, KeyValue } from '../../ui/KeyValue.tsx'
import { Section } from '../../ui/Section.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import { TagList } from '../../ui/Tag.tsx'
import { Time } from '../../ui/Time.tsx'
import { LimitField } from '../limits/LimitField.tsx'
import { runColumns } from '../runs/run-columns.tsx'
import { useRowKeys } from '../runs/use-row-keys.ts'
import { useWorkspace } from '../shell/workspace-context.ts'

export const RecentRuns = ({ name }: { name: string }) => {
  const { to } = useWorkspace()
  const runs = useQuery(useTRPC().runs.list.queryOptions({ filter: { deployment: name }, limit: 25 }))
  const rows = runs.data?.items ?? []
  const current = useRowKeys({ ids: rows.map((run) => run.id), href: (id) => to(`/runs/${id}`) })
  if (runs.isPending) return <SkeletonRows />
  if (rows.length === 0)
    return <EmptyState title="It has not run yet">Start a run with the button above, or with the command beside it.</EmptyState>
  return (
    <>
      <Table
        label="Recent runs"
        columns={runColumns(to, { deployment: false })}
        rows={rows}
        rowId={(run) => run.id}
        href={(run) => to(`/runs/${run.id}`)}
        selectedId={current}
      />
      {runs.data?.next && (
        <Link href={to(`/runs?deployment=${encodeURIComponent(name)}`)} className="mt-3 self-center text-accent hover:underline">
          All runs of this deployment
        </Link>
      )}
    </>
  )
}

const codeText = (code: DeploymentDetail['manifest']['code']): string => {
  if (code.kind === 'bundle') return `bundle ${code.sha256.slice(0, 12)}…, flow ${code.flow}, ${Math.ceil(code.sizeBytes / 1024)} KiB`
  if (code.kind === 'image') return [code.image, ...code.command].join(' ')
  return code.command.join(' ')
}

export const Configuration = ({ deployment }: { deployment: DeploymentDetail }) => {
  const { to } = useWorkspace()
  const { manifest } = deployment
  const { retries } = manifest
  const facts: Fact[] = [
    { label: 'Flow', value: deployment.flow },
    {
      label: 'Work pool',
      value: (
        <Link href={to(`/pools/${deployment.poolName}`)} className="rounded-sm hover:underline">
          {deployment.poolName} / {deployment.queueName}
        </Link>
      ),
    },
    { label: 'Code', value: <span className="font-mono text-xs break-all">{codeText(manifest.code)}</span> },
    { label: 'Limit', value: <LimitField subject={{ kind: 'deployment', deployment: deployment.name }} /> },
    { label: 'Timeout', value: manifest.timeoutSeconds ? formatLiveDuration(manifest.timeoutSeconds * 1000) : 'none' },
    {
      label: 'Retries',
      value: `${retries.failures} after failures, ${retries.crashes} after crashes of the infrastructure; first after ${retries.delaySeconds} s, then × ${retries.factor}`,
    },
    { label: 'Tags', value: manifest.tags.length > 0 ? <TagList tags={manifest.tags} max={20} /> : 'none' },
    { label: 'Registered', value: <Time at={deployment.updatedAt} className="text-text" /> },
  ]
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
      <Section title="What runs, and how">
        <KeyValue facts={facts} />
      </Section>
      <Section title="Default parameters">
        <CodeBlock code={JSON.stringify(manifest.parameters, null, 2)} label="parameters" maxHeight={240} />
      </Section>
      <div className="lg:col-span-2">
        <Section title="Manifest">
          <CodeBlock code={JSON.stringify(manifest, null, 2)} label="manifest" maxHeight={480} />
        </Section>
      </div>
    </div>
  )
}

export const Versions = ({ deployment }: { deployment: DeploymentDetail }) => (
  <Table
    label="Versions"
    rows={deployment.versions}
    rowId={(version) => version.id}
    columns={[
      {
        id: 'number',
        title: 'Version',
        className: 'w-32',
        cell: (version) => (
          <span className="font-medium">
            v{version.number}{' '}
            {version.number === deployment.version && <span className="ml-1 text-xs font-normal text-accent">current</span>}
          </span>
        ),
      },
      {
        id: 'hash',
        title: 'Manifest',
        cell: (version) => <CopyField value={version.manifestHash} shown={version.manifestHash.slice(0, 12)} />,
      },
      {
        id: 'by',
        title: 'Registered by',
        className: 'max-sm:hidden',
        cell: (version) => <span className="text-muted">{version.createdBy}</span>,
      },
      { id: 'at', title: 'When', className: 'w-28 text-right', cell: (version) => <Time at={version.createdAt} /> },
    ]}
  />
)
