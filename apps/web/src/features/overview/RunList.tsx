'use client'

import type { RunSummary } from '@towline/contract/views'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Duration } from '../../ui/Duration.tsx'
import { StateBadge } from '../../ui/state/StateBadge.tsx'
import { Time } from '../../ui/Time.tsx'
import { WaitingText } from '../runs/WaitingText.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'

const whenOf = (run: RunSummary): ReactNode =>
  run.startedAt && !run.endedAt ? (
    <Duration startedAt={run.startedAt} endedAt={null} />
  ) : (
    <Time at={run.endedAt ?? (run.state.type === 'SCHEDULED' ? run.dueAt : run.createdAt)} className="text-muted whitespace-nowrap" />
  )

/** A short list of runs inside a box of the overview. */
export const RunList = ({ runs, empty }: { runs: RunSummary[]; empty: string }) => {
  const { to } = useWorkspace()
  if (runs.length === 0) return <p className="px-3 py-6 text-center text-faint">{empty}</p>
  return (
    <ul>
      {runs.map((run) => (
        <li key={run.id} className="border-b border-line last:border-0">
          <Link
            href={to(`/runs/${run.id}`)}
            prefetch={false}
            className="flex min-h-11 items-center gap-3 px-3 py-1.5 hover:bg-hover focus-visible:outline-offset-[-2px]"
          >
            <span className="w-28 shrink-0">
              <StateBadge state={run.state.name} />
            </span>
            <span className="min-w-0 flex-1">
              <span className="flex min-w-0 items-baseline gap-2">
                <span className="truncate font-medium">{run.name}</span>
                <span className="shrink-0 truncate text-xs text-faint max-sm:hidden">{run.deployment.name}</span>
              </span>
              <WaitingText run={run} />
            </span>
            <span className="shrink-0 text-xs">{whenOf(run)}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
