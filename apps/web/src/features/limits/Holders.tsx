'use client'

import type { LimitDetail, LimitHolder } from '@towline/contract/limit-views'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Duration } from '../../ui/Duration.tsx'
import { formatCount, plural } from '../../ui/format/format-number.ts'
import { formatAbsolute } from '../../ui/format/format-time.ts'
import { Section } from '../../ui/Section.tsx'
import { StateGlyph } from '../../ui/state/StateGlyph.tsx'
import { STATE_LOOK } from '../../ui/state/state-look.ts'
import { type Column, Table } from '../../ui/Table.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { ReleaseDialog } from './ReleaseDialog.tsx'
import { useCanEdit } from './use-can-edit.ts'

type Who = Pick<LimitHolder, 'run' | 'taskKey'>

/** The run, with the task that stands here for itself. */
export const RunCell = ({ run, taskKey }: Who) => {
  const { to } = useWorkspace()
  const look = STATE_LOOK[run.state]
  return (
    <div className="flex min-w-0 items-start gap-2">
      <span className="mt-[3px]">
        <StateGlyph look={look} label={look.word} />
      </span>
      <div className="min-w-0">
        <Link href={to(`/runs/${run.id}`)} prefetch={false} className="relative z-10 block truncate rounded-sm font-medium hover:underline">
          {run.name}
        </Link>
        <span className="block truncate text-xs text-faint">
          <span className={classNames(taskKey !== null && 'max-sm:hidden')}>
            {run.deploymentName}
            {taskKey && ' · '}
          </span>
          {taskKey && (
            <span className="font-mono text-[11px]">
              <span className="max-sm:hidden">task </span>
              {taskKey}
            </span>
          )}
        </span>
      </div>
    </div>
  )
}

/** A task run that uses the slot of its run takes none of its own. */
const slotsText = ({ weight, lent }: LimitHolder): ReactNode =>
  lent === 0 ? (
    weight
  ) : (
    <span title={`uses ${plural(lent, 'slot')} that its run, or the task around it, holds`}>
      {weight === 0 ? 'lent' : `${weight} + ${lent} lent`}
    </span>
  )

const columns = (onRelease: ((holder: LimitHolder) => void) | null): Column<LimitHolder>[] => [
  { id: 'run', title: 'Run', className: 'max-w-0 w-full', cell: (holder) => <RunCell {...holder} /> },
  { id: 'weight', title: 'Slots', className: 'w-16 text-right', cell: slotsText },
  {
    id: 'since',
    title: 'Held for',
    className: 'w-24 text-right',
    cell: (holder) => (
      <span title={`since ${formatAbsolute(holder.since)}`}>
        <Duration startedAt={holder.since} endedAt={null} />
      </span>
    ),
  },
  ...(onRelease
    ? [
        {
          id: 'release',
          title: <span className="sr-only">Actions</span>,
          className: 'w-24 text-right',
          cell: (holder: LimitHolder) =>
            holder.run.state === 'Cancelling' ? (
              <span className="text-xs text-faint">stopping</span>
            ) : (
              <Button
                size="sm"
                variant="ghost"
                className="relative z-10"
                aria-label={`Release the slot of ${holder.run.name}`}
                onClick={() => onRelease(holder)}
              >
                Release…
              </Button>
            ),
        },
      ]
    : []),
]

export const Holders = ({ limit }: { limit: LimitDetail }) => {
  const { to } = useWorkspace()
  const canEdit = useCanEdit()
  const [releasing, setReleasing] = useState<LimitHolder | null>(null)
  const hidden = limit.holding - limit.holders.length
  return (
    <Section title="Who holds it" aside={formatCount(limit.holding)} flush>
      {limit.holders.length > 0 ? (
        <Table
          label="Holders, the oldest first"
          columns={columns(canEdit ? setReleasing : null)}
          rows={limit.holders}
          rowId={(holder) => holder.slotId}
          href={(holder) => to(`/runs/${holder.run.id}`)}
        />
      ) : (
        <p className="px-3 py-6 text-center text-muted">Nobody. Every slot is free.</p>
      )}
      {hidden > 0 && <p className="px-3 py-2 text-xs text-faint">and {formatCount(hidden)} newer ones</p>}
      {releasing && <ReleaseDialog limitId={limit.id} holder={releasing} onClose={() => setReleasing(null)} />}
    </Section>
  )
}
