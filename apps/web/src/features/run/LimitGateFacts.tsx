'use client'

import type { LimitGate } from '@towline/contract/limit-views'
import Link from 'next/link'
import { Duration } from '../../ui/Duration.tsx'
import { formatCount } from '../../ui/format/format-number.ts'
import { Time } from '../../ui/Time.tsx'
import { ordinal } from '../limits/limit-words.ts'
import { useWorkspace } from '../shell/workspace-context.ts'
import { roughly } from './gate-words.ts'

/** Place in line (when the sentence above has not `said` it), since when, until when, and who holds the slots. */
export const LimitGateFacts = ({ gate, said }: { gate: LimitGate; said: string }) => {
  const { to } = useWorkspace()
  const hidden = gate.holding - gate.holders.length
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex flex-wrap gap-x-4 gap-y-0.5 text-muted">
        {!said.includes(ordinal(gate.place)) && <span className="font-medium text-text">{ordinal(gate.place)} in line</span>}
        <span>
          waiting for <Duration startedAt={gate.since} endedAt={null} className="text-text" />
        </span>
        {gate.until && (
          <span>
            opens <Time at={gate.until} className="text-text" />
          </span>
        )}
        {gate.estimateMs !== null && (
          <span title="From how long recent holders kept their slots, and the place in line.">
            {roughly(gate.estimateMs)} more, if it goes on as lately
          </span>
        )}
      </p>
      {gate.holders.length > 0 && (
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <span className="text-xs text-faint">
            {gate.limit.slots === null ? 'Held by' : `${gate.limit.used} of ${gate.limit.slots} held by`}
          </span>
          {gate.holders.map((holder) => (
            <span key={`${holder.runId}/${holder.taskKey ?? ''}`} className="inline-flex min-w-0 items-baseline gap-1.5">
              <Link href={to(`/runs/${holder.runId}`)} className="truncate rounded-sm font-medium hover:underline">
                {holder.runName}
              </Link>
              {holder.taskKey && <span className="truncate font-mono text-[11px] text-faint">{holder.taskKey}</span>}
              <Duration startedAt={holder.since} endedAt={null} className="text-xs text-faint whitespace-nowrap" />
            </span>
          ))}
          {hidden > 0 && (
            <Link href={to(`/concurrency/${gate.limit.id}`)} className="rounded-sm text-xs text-faint hover:text-text hover:underline">
              and {formatCount(hidden)} more
            </Link>
          )}
        </div>
      )}
    </div>
  )
}
