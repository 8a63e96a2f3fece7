'use client'

import { useQuery } from '@tanstack/react-query'
import { isFinal } from '@towline/contract/states'
import type { RunDetail } from '@towline/contract/views'
import { useParams, useRouter } from 'next/navigation'
import { useEffect, useMemo, useState } from 'react'
import { useTRPC } from '../../trpc/trpc.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Page } from '../shell/Page.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { type LogFilter, NO_LOG_FILTER } from './filter-logs.ts'
import { LogView } from './LogView.tsx'
import { PhaseBar } from './PhaseBar.tsx'
import { RunHeader } from './RunHeader.tsx'
import { RunNotices } from './RunNotices.tsx'
import { RunSide } from './RunSide.tsx'
import type { RunStream } from './run-stream.ts'
import { Tasks } from './Tasks.tsx'
import { useRunStream } from './use-run-stream.ts'
import { useStateFavicon } from './use-state-favicon.ts'

const Loading = () => (
  <div className="flex flex-col gap-5" aria-busy="true">
    <div className="flex flex-col gap-2">
      <Skeleton className="h-7 w-72 max-w-full" />
      <Skeleton className="h-4 w-96 max-w-full" />
    </div>
    <Skeleton className="h-2 w-full" />
    <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_340px]">
      <Skeleton className="h-96 w-full" />
      <Skeleton className="h-96 w-full" />
    </div>
  </div>
)

const emptyLogText = (run: RunDetail): string =>
  isFinal(run.state.type)
    ? 'This run wrote nothing.'
    : run.startedAt
      ? 'It has written nothing yet. Lines appear here as they are written.'
      : 'It has not started yet. Lines appear here as they are written.'

const Body = ({ run, stream }: { run: RunDetail; stream: RunStream }) => {
  const router = useRouter()
  const { to } = useWorkspace()
  const [filter, setFilter] = useState<LogFilter>(NO_LOG_FILTER)
  const over = isFinal(run.state.type)
  const { tasks: allTasks } = stream
  const attempt = filter.attempt ?? allTasks.at(-1)?.attempt ?? 1
  const tasks = useMemo(() => allTasks.filter((task) => task.attempt === attempt), [allTasks, attempt])

  // A retry of this very run goes on in this page.
  useEffect(() => {
    if (stream.mode === 'ended' && !over) stream.reopen()
  }, [stream, over])

  return (
    <>
      <RunHeader run={run} onRetried={(id) => (id === run.id ? stream.reopen() : router.push(to(`/runs/${id}`)))} />
      <PhaseBar run={run} events={stream.events} />
      <RunNotices run={run} lines={stream.logs.lines} />
      <div className="grid gap-5 lg:min-h-[480px] lg:flex-1 lg:grid-cols-[minmax(0,1fr)_340px] lg:grid-rows-[minmax(0,1fr)]">
        <div className="flex min-h-0 min-w-0 flex-col gap-5 max-lg:h-[80dvh] max-lg:min-h-[560px]">
          {tasks.length > 0 && (
            <div className="shrink-0">
              <Tasks
                tasks={tasks}
                earlier={allTasks}
                ended={over}
                selected={filter.task}
                onSelect={(task) => setFilter({ ...filter, task })}
              />
            </div>
          )}
          <LogView
            lines={stream.logs.lines}
            version={stream.version}
            live={stream.mode === 'reading'}
            name={run.name}
            filter={filter}
            onFilter={setFilter}
            emptyText={emptyLogText(run)}
          />
        </div>
        <div className="thin-scroll flex min-h-0 min-w-0 flex-col gap-5 lg:overflow-y-auto">
          <RunSide run={run} events={stream.events} />
        </div>
      </div>
    </>
  )
}

export const RunPage = () => {
  const { run: id } = useParams<{ run: string }>()
  const { to } = useWorkspace()
  const { stream, error } = useRunStream(id)
  const first = useQuery(useTRPC().runs.get.queryOptions({ id }))
  // The stream is newer than the first answer, except for what was just asked for on this page.
  const run = stream.run && first.data && first.data.eventSeq > stream.run.eventSeq ? first.data : (stream.run ?? first.data)
  const optimistic = first.data?.state.name === 'Cancelling' && run && !isFinal(run.state.type) ? { ...run, state: first.data.state } : run
  useStateFavicon(run?.state.name)
  const problem = error ?? (run ? null : first.error)
  return (
    <Page fill title={run?.name ?? 'Run'} crumbs={[{ label: 'Runs', href: to('/runs') }, { label: run?.name ?? '…' }]}>
      {problem ? (
        <ErrorNotice
          what="This run cannot be shown."
          error={problem}
          onRetry={() => void first.refetch()}
          elsewhere={{ href: to('/runs'), label: 'All runs' }}
        />
      ) : optimistic ? (
        <Body run={optimistic} stream={stream} />
      ) : (
        <Loading />
      )}
    </Page>
  )
}
