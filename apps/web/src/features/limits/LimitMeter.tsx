import type { LimitView } from '@towline/contract/limit-views'
import { Meter } from '../../ui/Meter.tsx'
import { isPaused } from './limit-words.ts'

/** Slots in use against the bound; in words where there is no bound to fill. */
export const LimitMeter = ({ limit }: { limit: Pick<LimitView, 'slots' | 'used'> }) => {
  const { slots, used } = limit
  if (isPaused(limit))
    return (
      <span className="text-yellow whitespace-nowrap">
        Paused{used > 0 && <span className="text-xs text-muted"> · {used} still held</span>}
      </span>
    )
  if (slots === null) return <span className="text-muted whitespace-nowrap">{used} in use</span>
  return (
    <span className="inline-flex items-center gap-2">
      <Meter value={used} max={slots} label="Slots in use" />
      {used > slots && <span className="text-xs text-amber">over</span>}
    </span>
  )
}
