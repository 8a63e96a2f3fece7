'use client'

import { formatAbsolute, formatRelative } from './format/format-time.ts'
import { Tooltip } from './Tooltip.tsx'
import { useNow } from './use-now.ts'

/** Relative, with the absolute time in the viewer's zone on hover or focus. */
export const Time = ({ at, className }: { at: Date; className?: string }) => {
  const now = useNow()
  return (
    <Tooltip text={formatAbsolute(at)}>
      <time dateTime={at.toISOString()} className={className ?? 'text-muted whitespace-nowrap'}>
        {formatRelative(at, new Date(now))}
      </time>
    </Tooltip>
  )
}
