import type { LimitView } from '@towline/contract/limit-views'
import { Pencil } from 'lucide-react'
import Link from 'next/link'
import { IconButton } from '../../ui/IconButton.tsx'
import type { Column } from '../../ui/Table.tsx'
import { LimitMeter } from './LimitMeter.tsx'
import { COLLISION_WORD, KIND_WORD, rateText } from './limit-words.ts'
import { PauseSwitch } from './PauseSwitch.tsx'
import { UseSpark } from './UseSpark.tsx'

type Doors = { to: (path: string) => string; canEdit: boolean; onEdit: (limit: LimitView) => void }

const note = ({ description, kind, collision }: LimitView): string =>
  [kind === 'deployment' && collision !== 'enqueue' && COLLISION_WORD[collision].label, description].filter(Boolean).join(' · ')

export const limitColumns = ({ to, canEdit, onEdit }: Doors): Column<LimitView>[] => [
  {
    id: 'name',
    title: 'Limit',
    className: 'max-w-0 w-[30%] max-sm:w-[40%]',
    cell: (limit) => (
      <div className="min-w-0">
        <Link
          href={to(`/concurrency/${limit.id}`)}
          prefetch={false}
          className="relative z-10 block truncate rounded-sm font-medium hover:underline"
        >
          {limit.name}
        </Link>
        <span className="block truncate text-xs text-faint">
          <span className="sm:hidden">{KIND_WORD[limit.kind]}</span>
          {note(limit) && <span className="max-sm:hidden">{note(limit)}</span>}
        </span>
      </div>
    ),
  },
  {
    id: 'kind',
    title: 'Bounds',
    className: 'w-28 max-sm:hidden',
    cell: (limit) => <span className="text-muted">{KIND_WORD[limit.kind]}</span>,
  },
  { id: 'use', title: 'In use', className: 'w-44 max-sm:w-28 max-sm:!px-1', cell: (limit) => <LimitMeter limit={limit} /> },
  {
    id: 'waiting',
    title: 'Waiting',
    className: 'w-20 text-right max-sm:w-16 max-sm:!px-1',
    cell: (limit) =>
      limit.waiting > 0 ? <span className="font-medium text-violet">{limit.waiting}</span> : <span className="text-faint">0</span>,
  },
  {
    id: 'rate',
    title: 'Rate',
    className: 'w-36 max-md:hidden',
    cell: (limit) =>
      limit.rate ? <span className="whitespace-nowrap">{rateText(limit.rate)}</span> : <span className="text-faint">–</span>,
  },
  { id: 'spark', title: 'Last 6 hours', className: 'w-36 max-lg:hidden', cell: (limit) => <UseSpark limit={limit} /> },
  {
    id: 'actions',
    title: <span className="sr-only">Actions</span>,
    className: 'w-24 text-right max-sm:w-14',
    cell: (limit) => (
      <span className="relative z-10 inline-flex items-center gap-2 align-middle">
        <PauseSwitch bare limit={limit} onAsk={() => onEdit(limit)} />
        {canEdit && (
          <span className="max-sm:hidden">
            <IconButton label={`Edit the limit of ${limit.name}`} onClick={() => onEdit(limit)}>
              <Pencil size={14} />
            </IconButton>
          </span>
        )}
      </span>
    ),
  },
]
