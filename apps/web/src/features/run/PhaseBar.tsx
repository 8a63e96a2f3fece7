'use client'

import type { RunDetail, RunEventView } from '@towline/contract/views'
import { classNames } from '../../ui/class-names.ts'
import { formatDuration, formatLiveDuration } from '../../ui/format/format-duration.ts'
import { TONE_FILL } from '../../ui/state/state-look.ts'
import { useNow } from '../../ui/use-now.ts'
import { phasesOf } from './phases.ts'

/** Where the time went, as one bar and in words. */
export const PhaseBar = ({ run, events }: { run: RunDetail; events: RunEventView[] }) => {
  const now = useNow()
  const phases = phasesOf(run, now, events)
  const total = phases.reduce((sum, phase) => sum + phase.endMs - phase.startMs, 0)
  const shown = phases.filter((phase) => phase.endMs - phase.startMs >= 1)
  return (
    <div className="flex flex-col gap-2">
      <div className="flex h-2 gap-0.5 overflow-hidden rounded-full bg-line" aria-hidden>
        {shown.map((phase) => (
          <span
            key={phase.id}
            className={classNames('h-full min-w-1', TONE_FILL[phase.tone], phase.live && 'animate-skeleton')}
            style={{ width: `${((phase.endMs - phase.startMs) / Math.max(1, total)) * 100}%` }}
          />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-xs">
        {shown.map((phase) => (
          <li key={phase.id} className="inline-flex items-center gap-1.5 text-muted">
            <span aria-hidden className={classNames('size-2 rounded-[2px]', TONE_FILL[phase.tone])} />
            {phase.label}
            <span className="text-text">{(phase.live ? formatLiveDuration : formatDuration)(phase.endMs - phase.startMs)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
