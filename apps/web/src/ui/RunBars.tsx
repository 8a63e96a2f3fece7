import type { RunBar } from '@towline/contract/views'
import Link from 'next/link'
import { classNames } from './class-names.ts'
import { formatDuration } from './format/format-duration.ts'
import { STATE_LOOK, TONE_FILL } from './state/state-look.ts'

const SHOWN = 20

/** Recent runs as bars, newest right: colour is the outcome, height the duration against the longest (its root, so that one long run does not flatten the others). */
export const RunBars = ({
  runs,
  href,
  height = 24,
  slots = SHOWN,
}: {
  runs: RunBar[]
  href: (id: string) => string
  height?: number
  slots?: number
}) => {
  const shown = runs.slice(-slots)
  const longest = Math.max(1, ...shown.map((run) => run.durationMs ?? 0))
  return (
    <div className="flex items-end gap-0.5" style={{ height }}>
      {Array.from({ length: slots - shown.length }, (_, index) => `empty-${index}`).map((key) => (
        <span key={key} aria-hidden className="w-1 rounded-[1px] bg-line" style={{ height: 3 }} />
      ))}
      {shown.map((run) => {
        const look = STATE_LOOK[run.state]
        const text = `${look.word}${run.durationMs === null ? '' : ` · ${formatDuration(run.durationMs)}`}`
        return (
          <Link
            key={run.id}
            href={href(run.id)}
            title={text}
            aria-label={text}
            onClick={(event) => event.stopPropagation()}
            className={classNames('relative z-10 w-1 rounded-[1px] hover:opacity-70', TONE_FILL[look.tone])}
            style={{ height: Math.max(5, Math.round(Math.sqrt((run.durationMs ?? 0) / longest) * height)) }}
          />
        )
      })}
    </div>
  )
}
