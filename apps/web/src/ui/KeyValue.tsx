import type { ReactNode } from 'react'

export type Fact = { label: string; value: ReactNode }

/** Facts in a grid that folds to one column on a phone. */
export const KeyValue = ({ facts }: { facts: Fact[] }) => (
  <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-6 gap-y-1.5">
    {facts.map((fact) => (
      <div key={fact.label} className="contents">
        <dt className="text-faint">{fact.label}</dt>
        <dd className="min-w-0 break-words">{fact.value}</dd>
      </div>
    ))}
  </dl>
)
