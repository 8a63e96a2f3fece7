'use client'

import { formatClock } from '../ui/format/format-time.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import { useNow } from '../ui/use-now.ts'
import { useLive } from './LiveProvider.tsx'

const STALE_AFTER_MS = 10_000

/** Honest: live only while the stream is open; otherwise since when the page may be wrong. */
export const LiveMark = () => {
  const status = useLive()
  const now = useNow()
  const stale = status.kind === 'reconnecting' && now - status.since.getTime() > STALE_AFTER_MS
  const [tone, word, text] =
    status.kind === 'live'
      ? ['bg-green', 'Live', 'This page updates by itself.']
      : status.kind === 'connecting'
        ? ['bg-control', 'Connecting', 'Opening the live stream.']
        : stale
          ? [
              'bg-red',
              `Stale since ${formatClock(status.since).slice(0, 8)}`,
              'The control plane cannot be reached. What you see may be old.',
            ]
          : ['bg-amber', 'Reconnecting', 'The live stream broke; opening it again.']
  return (
    <Tooltip text={text}>
      <span role="status" className="inline-flex h-6 items-center gap-1.5 text-xs text-faint whitespace-nowrap">
        <span aria-hidden className={`size-1.5 rounded-full ${tone}`} />
        {word}
      </span>
    </Tooltip>
  )
}
