'use client'

import { useQuery } from '@tanstack/react-query'
import type { RunSummary } from '@towline/contract/views'
import { CircleCheck } from 'lucide-react'
import Link from 'next/link'
import { useTRPC } from '../../trpc/trpc.ts'
import { LinkButton } from '../../ui/Button.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { RunBars } from '../../ui/RunBars.tsx'
import { Section } from '../../ui/Section.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { Page } from '../shell/Page.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { Counts } from './Counts.tsx'
import { FullLimits } from './FullLimits.tsx'
import { PoolsWithoutAgents } from './PoolsWithoutAgents.tsx'
import { RunList } from './RunList.tsx'

/** By the moment that the list shows: a run of yesterday that failed just now comes first. */
const newestFirst = (runs: RunSummary[]): RunSummary[] => {
  const at = (run: RunSummary): number => (run.endedAt ?? run.dueAt).getTime()
  return [...runs].sort((a, b) => at(b) - at(a))
}

const GuideHint = () => {
  const { to } = useWorkspace()
  const { data } = useQuery(useTRPC().guide.get.queryOptions())
  if (!data || data.dismissed || Object.values(data.steps).every(Boolean)) return null
  const done = Object.values(data.steps).filter(Boolean).length
  return (
    <Notice
      tone="blue"
      title={`Getting started: ${done} of 4 steps done`}
      actions={
        <LinkButton size="sm" href={to('/start')}>
          Go on
        </LinkButton>
      }
    >
      A few commands lead to the first run on your own machine.
    </Notice>
  )
}

const DeploymentHistory = () => {
  const { to } = useWorkspace()
  const { data } = useQuery(useTRPC().deployments.list.queryOptions())
  const shown = (data ?? []).filter((deployment) => deployment.recent.length > 0).slice(0, 8)
  if (shown.length === 0) return null
  return (
    <Section
      title="How deployments have been doing"
      aside={
        <Link href={to('/deployments')} className="hover:text-text">
          All deployments
        </Link>
      }
    >
      <ul className="grid gap-x-8 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
        {shown.map((deployment) => (
          <li key={deployment.id} className="flex min-w-0 flex-col gap-1.5">
            <Link href={to(`/deployments/${deployment.name}`)} prefetch={false} className="truncate rounded-sm hover:underline">
              {deployment.name}
            </Link>
            <RunBars runs={deployment.recent} href={(id) => to(`/runs/${id}`)} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

export const OverviewPage = () => {
  const { to } = useWorkspace()
  const overview = useQuery(useTRPC().overview.get.queryOptions())
  const data = overview.data
  return (
    <Page title="Overview" crumbs={[{ label: 'Overview' }]}>
      <PageHeader
        title="Overview"
        actions={<CopyCommand command="towline runs ls --state active,problem" call={{ procedure: 'overview.get' }} />}
      />
      <GuideHint />
      {overview.error && !data && (
        <ErrorNotice what="The overview cannot be shown." error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      <Counts counts={data?.counts} />
      <PoolsWithoutAgents pools={data?.poolsWithoutAgents ?? []} />
      <div className="grid items-start gap-5 xl:grid-cols-2">
        <Section
          title="Needs a look"
          flush
          aside={
            <Link href={to('/runs?state=problem')} className="hover:text-text">
              All problems
            </Link>
          }
        >
          {data ? (
            data.problems.length > 0 ? (
              <RunList runs={newestFirst(data.problems)} empty="" />
            ) : (
              <p className="flex items-center justify-center gap-2 px-3 py-6 text-muted">
                <CircleCheck size={15} className="text-green" /> Nothing failed and nothing is late.
              </p>
            )
          ) : (
            <SkeletonRows rows={3} />
          )}
        </Section>
        <div className="flex min-w-0 flex-col gap-5">
          <Section
            title="Running now"
            flush
            aside={
              <Link href={to('/runs?state=active')} className="hover:text-text">
                All running
              </Link>
            }
          >
            {data ? <RunList runs={data.running} empty="Nothing runs at the moment." /> : <SkeletonRows rows={3} />}
          </Section>
          <FullLimits />
          {!!data?.upcoming.length && (
            <Section title="Coming up" flush>
              <RunList runs={data.upcoming} empty="" />
            </Section>
          )}
        </div>
      </div>
      <DeploymentHistory />
    </Page>
  )
}
