'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { AUDIT_KEPT_DAYS, type AuditFilter } from '@towline/contract/audit'
import { ScrollText } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { useTRPC, useTRPCClient } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { AuditFilters } from './AuditFilters.tsx'
import { auditColumns } from './audit-columns.tsx'
import { filterToQuery, isEmptyFilter, queryToFilter } from './audit-filter.ts'

const PAGE_SIZE = 50
/** No notice tells of every kind of change; this is what a colleague waits for theirs to appear. */
const REFRESH_MS = 10_000

const Nothing = ({ filtered, onClear }: { filtered: boolean; onClear: () => void }) =>
  filtered ? (
    <EmptyState title="No change matches" actions={<Button onClick={onClear}>Clear the filter</Button>}>
      Changes that match appear here by themselves.
    </EmptyState>
  ) : (
    <EmptyState icon={<ScrollText size={18} />} title="Nobody has changed anything yet">
      Whoever creates, changes, pauses or deletes something here or from a terminal is written down with what it was before.
    </EmptyState>
  )

export const AuditTab = () => {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const router = useRouter()
  const { to } = useWorkspace()
  const searchParams = useSearchParams()
  const filter = useMemo(() => queryToFilter(searchParams), [searchParams])
  const setFilter = useCallback(
    (next: AuditFilter) => router.replace(to(`/settings?${filterToQuery(next)}`), { scroll: false }),
    [router, to],
  )
  const audit = useInfiniteQuery({
    queryKey: trpc.audit.list.infiniteQueryKey({ filter, limit: PAGE_SIZE }),
    queryFn: ({ pageParam, signal }) => client.audit.list.query({ filter, limit: PAGE_SIZE, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  })
  const rows = useMemo(() => audit.data?.pages.flatMap((page) => page.items) ?? [], [audit.data])
  const columns = useMemo(() => auditColumns({ to, onPick: (change) => setFilter({ ...filter, ...change }) }), [to, filter, setFilter])
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">
        Every change that a person or a key made in this workspace, kept for {AUDIT_KEPT_DAYS} days. Owners and admins see it.
      </p>
      <AuditFilters filter={filter} onChange={setFilter} />
      {audit.error && !audit.data && (
        <ErrorNotice what="The audit cannot be shown." error={audit.error} onRetry={() => void audit.refetch()} />
      )}
      <div className={audit.isPlaceholderData ? 'opacity-60' : undefined}>
        {audit.isPending ? (
          <SkeletonRows rows={8} height="h-16" />
        ) : rows.length > 0 ? (
          <Table label="Changes, the newest first" columns={columns} rows={rows} rowId={(entry) => entry.id} />
        ) : (
          audit.data && !audit.hasNextPage && <Nothing filtered={!isEmptyFilter(filter)} onClear={() => setFilter({})} />
        )}
      </div>
      {audit.hasNextPage && (
        <div className="flex justify-center pb-12">
          <Button busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            Show older changes
          </Button>
        </div>
      )}
    </div>
  )
}
