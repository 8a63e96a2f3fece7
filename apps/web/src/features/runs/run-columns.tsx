import type { RunSummary } from '@towline/contract/views'
import Link from 'next/link'
import { Duration } from '../../ui/Duration.tsx'
import { StateBadge } from '../../ui/state/StateBadge.tsx'
import { STATE_LOOK } from '../../ui/state/state-look.ts'
import type { Column } from '../../ui/Table.tsx'
import { TagList } from '../../ui/Tag.tsx'
import { Time } from '../../ui/Time.tsx'
import { WaitingText } from './WaitingText.tsx'

const ABOVE_ROW = 'relative z-10 rounded-sm hover:underline'

/** The columns of every list of runs. Narrow screens keep state, name and time. */
export const runColumns = (to: (path: string) => string, options: { deployment?: boolean; pool?: boolean } = {}): Column<RunSummary>[] => [
  {
    id: 'state',
    title: <span className="max-sm:sr-only">State</span>,
    className: 'w-36 max-sm:w-9 max-sm:!pr-0',
    cell: (run) => <StateBadge state={run.state.name} narrow />,
  },
  {
    id: 'name',
    title: 'Run',
    className: 'max-w-0 w-[36%] max-sm:w-full',
    cell: (run) => (
      <div className="min-w-0">
        <Link href={to(`/runs/${run.id}`)} prefetch={false} className="relative z-10 block truncate rounded-sm font-medium hover:underline">
          {run.name}
        </Link>
        <span className="block truncate text-xs text-faint sm:hidden">
          {STATE_LOOK[run.state.name].word}
          {options.deployment === false ? '' : ` · ${run.deployment.name}`}
        </span>
        <WaitingText run={run} />
      </div>
    ),
  },
  ...(options.deployment === false
    ? []
    : [
        {
          id: 'deployment',
          title: 'Deployment',
          className: 'max-md:hidden max-w-52',
          cell: (run: RunSummary) => (
            <Link href={to(`/deployments/${run.deployment.name}`)} prefetch={false} className={`${ABOVE_ROW} block truncate`}>
              {run.deployment.name}
            </Link>
          ),
        },
      ]),
  ...(options.pool === false
    ? []
    : [
        {
          id: 'pool',
          title: 'Pool',
          className: 'max-lg:hidden max-w-40',
          cell: (run: RunSummary) => (
            <Link href={to(`/pools/${run.pool.name}`)} prefetch={false} className={`${ABOVE_ROW} block truncate text-muted`}>
              {run.pool.name}
            </Link>
          ),
        },
      ]),
  { id: 'tags', title: 'Tags', className: 'max-xl:hidden max-w-56', cell: (run) => <TagList tags={run.tags} max={2} /> },
  {
    id: 'duration',
    title: 'Duration',
    className: 'w-24 text-right max-sm:hidden',
    cell: (run) => <Duration startedAt={run.startedAt} endedAt={run.endedAt} />,
  },
  {
    id: 'created',
    title: 'Created',
    className: 'w-24 text-right',
    cell: (run) => <Time at={run.createdAt} className="relative z-10 whitespace-nowrap text-muted" />,
  },
]
