'use client'

import type { LimitDetail, LimitWaiter } from '@towline/contract/limit-views'
import { Duration } from '../../ui/Duration.tsx'
import { formatCount } from '../../ui/format/format-number.ts'
import { formatAbsolute } from '../../ui/format/format-time.ts'
import { Section } from '../../ui/Section.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { Time } from '../../ui/Time.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { RunCell } from './Holders.tsx'
import { holdPhrase } from './limit-words.ts'

const columns = (limit: LimitDetail): Column<LimitWaiter>[] => [
  { id: 'place', title: '#', className: 'w-12 !pr-0', cell: (waiter) => <span className="text-faint">{waiter.place}</span> },
  { id: 'run', title: 'Run', className: 'max-w-0 w-[48%]', cell: (waiter) => <RunCell {...waiter} /> },
  {
    id: 'why',
    title: 'Why not yet',
    className: 'max-sm:hidden',
    cell: (waiter) => (
      <span className="block text-xs text-muted">
        {holdPhrase(waiter, limit)}
        {waiter.until && (
          <>
            {', opens '}
            <Time at={waiter.until} />
          </>
        )}
        {(waiter.priority !== 0 || waiter.weight !== 1) && (
          <span className="block text-faint">
            {[waiter.priority !== 0 && `priority ${waiter.priority}`, waiter.weight !== 1 && `needs ${waiter.weight} slots`]
              .filter(Boolean)
              .join(', ')}
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'since',
    title: 'Waits',
    className: 'w-24 text-right',
    cell: (waiter) => (
      <span title={`since ${formatAbsolute(waiter.since)}`}>
        <Duration startedAt={waiter.since} endedAt={null} />
      </span>
    ),
  },
]

export const Waiters = ({ limit }: { limit: LimitDetail }) => {
  const { to } = useWorkspace()
  const hidden = limit.waiting - limit.waiters.length
  return (
    <Section title="In line" aside={formatCount(limit.waiting)} flush>
      {limit.waiters.length > 0 ? (
        <Table
          label="Waiters, the next first"
          columns={columns(limit)}
          rows={limit.waiters}
          rowId={(waiter) => `${waiter.run.id}/${waiter.taskKey ?? ''}`}
          href={(waiter) => to(`/runs/${waiter.run.id}`)}
        />
      ) : (
        <p className="px-3 py-6 text-center text-muted">Nobody waits.</p>
      )}
      {hidden > 0 && <p className="px-3 py-2 text-xs text-faint">and {formatCount(hidden)} behind them</p>}
    </Section>
  )
}
