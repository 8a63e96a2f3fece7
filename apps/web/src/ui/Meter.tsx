import { classNames } from './class-names.ts'

/** How much of a bound is used: the bar, and the two numbers. */
export const Meter = ({ value, max, label, showText = true }: { value: number; max: number; label: string; showText?: boolean }) => {
  const share = max > 0 ? Math.min(1, value / max) : 0
  return (
    <span className="inline-flex items-center gap-2" title={`${label}: ${value} of ${max}`}>
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn alike in all browsers */}
      <span
        role="meter"
        aria-label={label}
        aria-valuenow={value}
        aria-valuemin={0}
        aria-valuemax={max}
        className="block h-1.5 w-16 overflow-hidden rounded-full bg-line"
      >
        <span
          className={classNames('block h-full rounded-full', share >= 1 ? 'bg-amber' : 'bg-accent')}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      {showText && (
        <span className="text-xs text-muted">
          {value}/{max}
        </span>
      )}
    </span>
  )
}
