'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { RunFilter, RunSummary } from '@towline/contract/views'
import { Play } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useTRPC, useTRPCClient } from '../../trpc/trpc.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { Page } from '../shell/Page.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { BulkBar } from './BulkBar.tsx'
import { RunFilters } from './RunFilters.tsx'
import { runColumns } from './run-columns.tsx'
import { filterToCommand, filterToQuery, isEmptyFilter, queryToFilter } from './run-filter.ts'
import { useRowKeys } from './use-row-keys.ts'

const PAGE_SIZE = 50

const useSelection = () => {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const toggle = useCallback((id: string) => {
    setSelected((now) => {
      const next = new Set(now)
      if (!next.delete(id)) next.add(id)
      return next
    })
  }, [])
  return { selected, toggle, set: setSelected, clear: () => setSelected(new Set()) }
}

const NoRuns = ({ filtered, onClear }: { filtered: boolean; onClear: () => void }) => {
  const { to } = useWorkspace()
  if (filtered) {
    return (
      <EmptyState title="No run matches" actions={<Button onClick={onClear}>Clear the filter</Button>}>
        New runs that match appear here by themselves.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<Play size={18} />}
      title="Nothing has run yet"
      actions={<LinkButton href={to('/deployments')}>See deployments</LinkButton>}
    >
      <p>A run is one execution of a deployment. Start one here or from a terminal; it appears by itself.</p>
      <CodeBlock prompt code="towline run <deployment> --watch" label="command" />
    </EmptyState>
  )
}

export const RunsPage = () => {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const router = useRouter()
  const { to } = useWorkspace()
  const searchParams = useSearchParams()
  const filter = useMemo(() => queryToFilter(searchParams), [searchParams])
  const searchRef = useRef<HTMLInputElement>(null)
  const selection = useSelection()

  const setFilter = useCallback(
    (next: RunFilter) => {
      const query = filterToQuery(next).toString()
      router.replace(to(`/runs${query ? `?${query}` : ''}`), { scroll: false })
    },
    [router, to],
  )

  const runs = useInfiniteQuery({
    queryKey: trpc.runs.list.infiniteQueryKey({ filter, limit: PAGE_SIZE }),
    queryFn: ({ pageParam, signal }) => client.runs.list.query({ filter, limit: PAGE_SIZE, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.items) ?? [], [runs.data])
  const selectedRows = rows.filter((run) => selection.selected.has(run.id))
  const current = useRowKeys({
    ids: rows.map((run) => run.id),
    href: (id) => to(`/runs/${id}`),
    onToggle: selection.toggle,
    onSearch: () => searchRef.current?.focus(),
  })

  const all = rows.length > 0 && selectedRows.length === rows.length
  const select: Column<RunSummary> = {
    id: 'select',
    className: 'w-9 !pr-0 max-sm:hidden',
    title: (
      <Checkbox
        label="Select all shown"
        checked={all ? true : selectedRows.length > 0 ? 'indeterminate' : false}
        onChange={() => selection.set(all ? new Set() : new Set(rows.map((run) => run.id)))}
      />
    ),
    cell: (run) => (
      <span className="relative z-10 flex">
        <Checkbox label={`Select ${run.name}`} checked={selection.selected.has(run.id)} onChange={() => selection.toggle(run.id)} />
      </span>
    ),
  }

  return (
    <Page title="Runs" crumbs={[{ label: 'Runs' }]}>
      <PageHeader
        title="Runs"
        actions={<CopyCommand command={filterToCommand(filter)} call={{ procedure: 'runs.list', input: { filter, limit: PAGE_SIZE } }} />}
      />
      <RunFilters filter={filter} onChange={setFilter} searchRef={searchRef} />
      {runs.error && !runs.data && <ErrorNotice what="The runs cannot be listed." error={runs.error} onRetry={() => void runs.refetch()} />}
      <div className={runs.isPlaceholderData ? 'opacity-60' : undefined}>
        {runs.isPending ? (
          <SkeletonRows rows={12} />
        ) : rows.length === 0 ? (
          runs.data && <NoRuns filtered={!isEmptyFilter(filter)} onClear={() => setFilter({})} />
        ) : (
          <Table
            label="Runs"
            columns={[select, ...runColumns(to)]}
            rows={rows}
            rowId={(run) => run.id}
            href={(run) => to(`/runs/${run.id}`)}
            selectedId={current}
            marked={(run) => selection.selected.has(run.id)}
          />
        )}
      </div>
      {runs.hasNextPage && (
        <div className="flex justify-center pb-12">
          <Button busy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            Show older runs
          </Button>
        </div>
      )}
      <BulkBar runs={selectedRows} onClear={selection.clear} />
    </Page>
  )
}
