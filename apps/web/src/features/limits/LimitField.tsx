'use client'

import { useQuery } from '@tanstack/react-query'
import type { LimitRef, LimitView } from '@towline/contract/limit-views'
import { Plus } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { formatCount } from '../../ui/format/format-number.ts'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { LimitDialog } from './form/LimitDialog.tsx'
import { LimitMeter } from './LimitMeter.tsx'
import { COLLISION_WORD, nameOfRef, rateText } from './limit-words.ts'
import { useCanEdit } from './use-can-edit.ts'

export type Subject = Exclude<LimitRef, { id: string }>

const Facts = ({ limit }: { limit: LimitView }) => (
  <>
    <LimitMeter limit={limit} />
    {limit.rate && <span className="text-xs text-muted whitespace-nowrap">{rateText(limit.rate)}</span>}
    {limit.waiting > 0 && <span className="text-xs text-violet whitespace-nowrap">{formatCount(limit.waiting)} waiting</span>}
    {limit.collision !== 'enqueue' && (
      <span className="text-xs text-faint whitespace-nowrap" title={COLLISION_WORD[limit.collision].hint}>
        {COLLISION_WORD[limit.collision].label.toLowerCase()}
      </span>
    )}
  </>
)

/** The limit of a pool, queue or deployment where that lives: shown, set and changed in place, the same dialog as everywhere. */
export const LimitField = ({ subject }: { subject: Subject }) => {
  const { to } = useWorkspace()
  const canEdit = useCanEdit()
  const limits = useQuery(useTRPC().limits.list.queryOptions())
  const [open, setOpen] = useState(false)
  const name = nameOfRef(subject)
  const limit = limits.data?.find((each) => each.kind === subject.kind && each.name === name)
  if (limits.isPending) return <Skeleton className="h-4 w-28" />
  if (limits.error && !limits.data) return <span className="text-faint">cannot be read now</span>
  return (
    <span className="inline-flex min-h-5 flex-wrap items-center align-top gap-x-3 gap-y-1">
      {limit ? (
        <Link href={to(`/concurrency/${limit.id}`)} className="inline-flex flex-wrap items-center gap-x-3 rounded-sm hover:opacity-80">
          <span className="sr-only">The limit of {name}: </span>
          <Facts limit={limit} />
        </Link>
      ) : (
        <span className="text-faint">No limit</span>
      )}
      {canEdit && (
        <Button
          size="sm"
          variant="ghost"
          className="-mx-1 !h-5 !px-1.5"
          icon={limit ? undefined : <Plus size={12} />}
          aria-label={limit ? `Change the limit of ${name}` : `Set a limit for ${name}`}
          onClick={() => setOpen(true)}
        >
          {limit ? 'Change…' : 'Set…'}
        </Button>
      )}
      {open && <LimitDialog {...(limit ? { limit } : { fixed: subject })} onClose={() => setOpen(false)} />}
    </span>
  )
}
