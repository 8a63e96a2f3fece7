import type { Difference } from './change-words.ts'

/** From what to what, name by name; a thing that came or went has one side only. */
export const Differences = ({ differences }: { differences: Difference[] }) => (
  <dl className="flex flex-wrap gap-x-4 gap-y-0.5">
    {differences.map(({ name, from, to }) => (
      <div key={name} className="flex min-w-0 max-w-full items-baseline gap-1.5">
        <dt className="shrink-0 text-faint">{name}</dt>
        <dd className="min-w-0 break-words">
          {from !== null && <span className={to === null ? '' : 'text-muted'}>{from}</span>}
          {from !== null && to !== null && <span className="px-1 text-faint">→</span>}
          {to !== null && <span className="font-medium">{to}</span>}
        </dd>
      </div>
    ))}
  </dl>
)
