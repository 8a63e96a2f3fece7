import type { LimitView } from '@towline/contract/limit-views'
import { classNames } from '../../ui/class-names.ts'
import { formatCount } from '../../ui/format/format-number.ts'
import { LimitMeter } from './LimitMeter.tsx'

const MOST_CELLS = 40

/** One cell per slot, as long as they can be told apart; beyond that a meter. */
export const SlotCells = ({ limit }: { limit: Pick<LimitView, 'slots' | 'used'> }) => {
  const { slots, used } = limit
  if (slots === null || slots === 0 || Math.max(slots, used) > MOST_CELLS) return <LimitMeter limit={limit} />
  const cells = Array.from({ length: Math.max(slots, used) }, (_, index) => ({
    key: `slot-${index}`,
    held: index < used,
    over: index >= slots,
  }))
  return (
    <span className="inline-flex flex-wrap items-center gap-3">
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn alike in all browsers */}
      <span
        role="meter"
        aria-label="Slots in use"
        aria-valuenow={used}
        aria-valuemin={0}
        aria-valuemax={slots}
        className="inline-flex flex-wrap gap-1"
      >
        {cells.map((cell) => (
          <span
            key={cell.key}
            className={classNames(
              'h-4 rounded-[3px]',
              slots > 16 ? 'w-2' : 'w-4',
              cell.held ? (cell.over || used >= slots ? 'bg-amber' : 'bg-accent') : 'border border-line-strong bg-sunken',
            )}
          />
        ))}
      </span>
      <span className="text-lg font-medium">
        {formatCount(used)}
        <span className="text-sm font-normal text-faint"> of {formatCount(slots)}</span>
      </span>
      {used > slots && <span className="text-xs text-amber">{formatCount(used - slots)} over, until holders end</span>}
    </span>
  )
}
