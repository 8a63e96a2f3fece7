import type { RunEventView } from '@towline/contract/views'
import { Clock3, Info, Server } from 'lucide-react'
import { formatDuration } from '../../ui/format/format-duration.ts'
import { formatAbsolute, formatClock } from '../../ui/format/format-time.ts'
import { StateGlyph } from '../../ui/state/StateGlyph.tsx'
import { STATE_LOOK } from '../../ui/state/state-look.ts'

const ICONS = { attempt: Server, note: Info, task: Clock3, state: Clock3 } as const

/** What happened to the run, in order, with the time from one step to the next. Tasks have their own picture. */
export const Timeline = ({ events }: { events: RunEventView[] }) => {
  const steps = events.filter((event) => event.kind !== 'task')
  return (
    <ol className="flex flex-col">
      {steps.map((event, index) => {
        const before = steps[index - 1]
        // A step within a state says its own words; the state was said before.
        const repeated = event.state !== null && event.state === before?.state && event.message !== null
        const Icon = ICONS[event.kind]
        return (
          <li key={event.seq} className="relative flex gap-2.5 pb-3 last:pb-0">
            {index < steps.length - 1 && <span aria-hidden className="absolute top-5 bottom-0 left-[6.5px] w-px bg-line" />}
            <span className="flex h-5 shrink-0 items-center">
              {event.state ? (
                <StateGlyph look={STATE_LOOK[event.state]} still={index < steps.length - 1} />
              ) : (
                <Icon size={14} className="text-faint" aria-hidden />
              )}
            </span>
            <div className="min-w-0 flex-1">
              <div className="flex items-baseline justify-between gap-2">
                <span className="min-w-0 break-words">
                  {event.state && !repeated ? STATE_LOOK[event.state].word : (event.message ?? event.kind)}
                </span>
                <time dateTime={event.at.toISOString()} title={formatAbsolute(event.at)} className="shrink-0 text-xs text-faint">
                  {before ? `+${formatDuration(event.at.getTime() - before.at.getTime())}` : formatClock(event.at).slice(0, 8)}
                </time>
              </div>
              {event.state && event.message && !repeated && (
                <p className="line-clamp-6 text-xs break-words whitespace-pre-line text-muted" title={event.message}>
                  {event.message}
                </p>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
