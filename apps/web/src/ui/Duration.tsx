'use client'

import { formatDuration, formatLiveDuration } from './format/format-duration.ts'
import { useNow } from './use-now.ts'

type Props = { startedAt: Date | null; endedAt: Date | null; className?: string }

const Live = ({ startedAt }: { startedAt: Date }) => {
  const now = useNow()
  return <>{formatLiveDuration(now - startedAt.getTime())}</>
}

/** How long something took; while it has no end, how long it has taken so far. */
export const Duration = ({ startedAt, endedAt, className }: Props) => (
  <span className={className ?? 'text-muted whitespace-nowrap'}>
    {startedAt === null ? '–' : endedAt ? formatDuration(endedAt.getTime() - startedAt.getTime()) : <Live startedAt={startedAt} />}
  </span>
)
