'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { LimitDetail } from '@towline/contract/limit-views'
import { Ellipsis, Pause, Pencil, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useParams, useRouter, useSearchParams } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Section } from '../../ui/Section.tsx'
import { Skeleton, SkeletonRows } from '../../ui/Skeleton.tsx'
import { CopyCommand } from '../shell/CopyCommand.tsx'
import { Page } from '../shell/Page.tsx'
import { useOfferActions } from '../shell/palette/page-actions.ts'
import { useWorkspace } from '../shell/workspace-context.ts'
import { Changes } from './Changes.tsx'
import { DeleteLimitDialog } from './DeleteLimitDialog.tsx'
import { LimitDialog } from './form/LimitDialog.tsx'
import { HistoryPicture } from './HistoryPicture.tsx'
import { Holders } from './Holders.tsx'
import { holdersCommand } from './limit-command.ts'
import { COLLISION_WORD, isPaused, KIND_WORD, rateText, subjectPath } from './limit-words.ts'
import { PauseSwitch } from './PauseSwitch.tsx'
import { SlotCells } from './SlotCells.tsx'
import { useCanEdit } from './use-can-edit.ts'
import { Waiters } from './Waiters.tsx'

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="min-w-0">
    <p className="mb-1 text-xs text-faint">{label}</p>
    <div className="flex min-h-6 items-center">{children}</div>
  </div>
)

const SPANS = [1, 6, 24]
const spanText = (hours: number): string => (hours === 1 ? 'The last hour' : `The last ${hours} hours`)

const History = ({ limit }: { limit: LimitDetail }) => {
  const router = useRouter()
  const { to } = useWorkspace()
  const asked = Number(useSearchParams().get('hours'))
  const hours = SPANS.includes(asked) ? asked : 24
  const history = useQuery(
    useTRPC().limits.history.queryOptions(
      { limit: { id: limit.id }, hours },
      { refetchInterval: hours === 1 ? 10_000 : 60_000, placeholderData: keepPreviousData },
    ),
  )
  return (
    <Section
      title={spanText(hours)}
      aside={SPANS.map((span) => (
        <button
          key={span}
          type="button"
          aria-pressed={span === hours}
          aria-label={spanText(span)}
          onClick={() => router.replace(to(`/concurrency/${limit.id}${span === 24 ? '' : `?hours=${span}`}`), { scroll: false })}
          className="h-6 rounded-md px-2 hover:bg-hover hover:text-text aria-pressed:bg-selection aria-pressed:text-accent"
        >
          {span} h
        </button>
      ))}
    >
      {history.data ? (
        <HistoryPicture history={history.data} />
      ) : history.error ? (
        <ErrorNotice what="The history cannot be shown." error={history.error} onRetry={() => void history.refetch()} />
      ) : (
        <Skeleton className="h-[260px] w-full" />
      )}
    </Section>
  )
}

const Body = ({ limit }: { limit: LimitDetail }) => {
  const router = useRouter()
  const { to } = useWorkspace()
  const canEdit = useCanEdit()
  const editing = useSearchParams().get('edit') === '1'
  const [deleting, setDeleting] = useState(false)
  const edit = (open: boolean) => router.replace(to(`/concurrency/${limit.id}${open ? '?edit=1' : ''}`), { scroll: false })
  useOfferActions(
    canEdit
      ? [
          { id: 'change edit limit', text: `Change the limit of ${limit.name}…`, icon: <Pencil size={15} />, act: () => edit(true) },
          {
            id: 'delete remove limit',
            text: `Delete the limit of ${limit.name}…`,
            icon: <Trash2 size={15} />,
            act: () => setDeleting(true),
          },
        ]
      : [],
  )
  return (
    <>
      <PageHeader
        title={limit.name}
        badge={
          <Link
            href={to(subjectPath(limit))}
            className="rounded-full border border-line bg-sunken px-2 py-0.5 text-xs text-muted hover:border-line-strong hover:text-text"
          >
            {KIND_WORD[limit.kind]}
          </Link>
        }
        description={limit.description || undefined}
        actions={
          <>
            <CopyCommand command={holdersCommand(limit)} call={{ procedure: 'limits.get', input: { id: limit.id } }} />
            <PauseSwitch limit={limit} onAsk={() => edit(true)} />
            {canEdit && (
              <>
                <Menu
                  trigger={
                    <IconButton label="More" className="size-8 border border-line-strong">
                      <Ellipsis size={15} />
                    </IconButton>
                  }
                >
                  <MenuItem icon={<Trash2 size={14} />} danger onSelect={() => setDeleting(true)}>
                    Delete…
                  </MenuItem>
                </Menu>
                <Button variant="primary" icon={<Pencil size={14} />} onClick={() => edit(true)}>
                  Change…
                </Button>
              </>
            )}
          </>
        }
      />
      {isPaused(limit) && (
        <Notice tone="yellow" icon={<Pause size={16} />} title="This limit is paused">
          It has no slots, so nothing new is let in. {limit.holding > 0 ? 'Those who hold one go on.' : ''}
        </Notice>
      )}
      <div className="flex flex-wrap gap-x-10 gap-y-3">
        <Fact label="In use">
          <SlotCells limit={limit} />
        </Fact>
        <Fact label="In line">
          <span className={limit.waiting > 0 ? 'text-lg font-medium text-violet' : 'text-lg font-medium'}>{limit.waiting}</span>
        </Fact>
        <Fact label="Starts over time">{limit.rate ? rateText(limit.rate) : <span className="text-faint">not bounded</span>}</Fact>
        {limit.kind === 'deployment' && (
          <Fact label="When it is full">
            <span title={COLLISION_WORD[limit.collision].hint}>{COLLISION_WORD[limit.collision].label}</span>
          </Fact>
        )}
        <Fact label="Set by">
          <span className="truncate text-muted">{limit.createdBy}</span>
        </Fact>
      </div>
      <History limit={limit} />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Holders limit={limit} />
        <Waiters limit={limit} />
      </div>
      <Changes limit={limit} />
      {editing && canEdit && <LimitDialog limit={limit} onClose={() => edit(false)} />}
      <DeleteLimitDialog limit={limit} open={deleting} onOpenChange={setDeleting} onDeleted={() => router.push(to('/concurrency'))} />
    </>
  )
}

export const LimitPage = () => {
  const { limit: id } = useParams<{ limit: string }>()
  const { to } = useWorkspace()
  const limit = useQuery(useTRPC().limits.get.queryOptions({ limit: { id } }))
  const name = limit.data?.name ?? 'Limit'
  return (
    <Page title={name} crumbs={[{ label: 'Concurrency', href: to('/concurrency') }, { label: limit.data?.name ?? '…' }]}>
      {limit.data ? (
        <Body key={limit.data.id} limit={limit.data} />
      ) : limit.error ? (
        <ErrorNotice
          what="This limit cannot be shown."
          error={limit.error}
          onRetry={() => void limit.refetch()}
          elsewhere={{ href: to('/concurrency'), label: 'All limits' }}
        />
      ) : (
        <>
          <Skeleton className="h-8 w-64" />
          <Skeleton className="h-12 w-96 max-w-full" />
          <Skeleton className="h-[310px] w-full" />
          <SkeletonRows rows={3} height="h-12" />
        </>
      )}
    </Page>
  )
}
