'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { AuditEntry } from '@towline/contract/audit'
import type { LimitView } from '@towline/contract/limit-views'
import Link from 'next/link'
import { useTRPC, useTRPCClient } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Section } from '../../ui/Section.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { Time } from '../../ui/Time.tsx'
import { ActorName } from '../audit/ActorName.tsx'
import { differencesOf } from '../audit/change-words.ts'
import { Differences } from '../audit/Differences.tsx'
import { useMayReadAudit } from '../audit/use-may-read-audit.ts'
import { useWorkspace } from '../shell/workspace-context.ts'

const PAGE_SIZE = 10

/** What was done, in words that need no mention of the limit: this is its page. */
const What = ({ entry }: { entry: AuditEntry }) => {
  const { to } = useWorkspace()
  if (entry.action !== 'limit.release')
    return (
      <div className="flex flex-wrap items-baseline gap-x-4">
        {entry.action === 'limit.create' && <span>Made it</span>}
        <Differences differences={differencesOf(entry)} />
      </div>
    )
  const { holder, runId, task } = entry.before ?? {}
  return (
    <span className="break-words">
      Stopped{' '}
      <Link href={to(`/runs/${String(runId)}`)} prefetch={false} className="rounded-sm font-medium hover:underline">
        {String(holder)}
      </Link>{' '}
      to free its slot
      {task !== undefined && <span className="font-mono text-[11px] text-faint"> · task {String(task)}</span>}
    </span>
  )
}

const columns: Column<AuditEntry>[] = [
  {
    id: 'who',
    title: 'Who',
    className: 'w-56 max-w-56 max-sm:hidden [&:is(td)]:align-top',
    cell: (entry) => (
      <span className="flex py-1">
        <ActorName actor={entry.actor} />
      </span>
    ),
  },
  {
    id: 'what',
    title: 'What',
    className: 'max-w-0 w-full [&:is(td)]:align-top',
    cell: (entry) => (
      <div className="min-w-0 py-1">
        <span className="flex text-muted sm:hidden">
          <ActorName actor={entry.actor} />
        </span>
        <What entry={entry} />
        {entry.reason !== null && <p className="break-words text-muted">“{entry.reason}”</p>}
      </div>
    ),
  },
  {
    id: 'when',
    title: 'When',
    className: 'w-24 text-right whitespace-nowrap [&:is(td)]:align-top',
    cell: (entry) => (
      <span className="inline-block py-1">
        <Time at={entry.at} />
      </span>
    ),
  },
]

/** Who set the limit to what, and whose slots were taken back and why. */
export const Changes = ({ limit }: { limit: LimitView }) => {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const { to } = useWorkspace()
  const mayReadAudit = useMayReadAudit()
  const input = { limit: { id: limit.id }, count: PAGE_SIZE }
  const changes = useInfiniteQuery({
    queryKey: trpc.limits.changes.infiniteQueryKey(input),
    queryFn: ({ pageParam, signal }) => client.limits.changes.query({ ...input, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const rows = changes.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Section
      title="Changes"
      aside={
        mayReadAudit && (
          <Link
            href={to(`/settings?tab=audit&subject=${encodeURIComponent(`limit:${limit.kind}:${limit.name}`)}`)}
            className="rounded-sm hover:text-text hover:underline"
          >
            In the audit
          </Link>
        )
      }
      flush
    >
      {changes.isPending ? (
        <div className="p-3">
          <SkeletonRows rows={2} />
        </div>
      ) : changes.error && !changes.data ? (
        <div className="p-3">
          <ErrorNotice what="The changes cannot be shown." error={changes.error} onRetry={() => void changes.refetch()} />
        </div>
      ) : rows.length > 0 ? (
        <Table label="Changes, the newest first" columns={columns} rows={rows} rowId={(entry) => entry.id} />
      ) : (
        <p className="px-3 py-6 text-center text-muted">Nobody has changed it since changes are kept.</p>
      )}
      {changes.hasNextPage && (
        <div className="flex justify-center py-2">
          <Button size="sm" variant="ghost" busy={changes.isFetchingNextPage} onClick={() => void changes.fetchNextPage()}>
            Show older changes
          </Button>
        </div>
      )}
    </Section>
  )
}
