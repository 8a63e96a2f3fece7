import type { ReactNode } from 'react'

type Props = { title: ReactNode; aside?: ReactNode; children: ReactNode; flush?: boolean }

/** A titled box. `flush` when its content (a table, a list) brings its own rows to the edge. */
export const Section = ({ title, aside, children, flush }: Props) => (
  <section className="min-w-0 shrink-0 overflow-hidden rounded-lg border border-line bg-ground">
    <header className="flex min-h-10 items-center justify-between gap-3 border-b border-line bg-sunken px-3">
      <h2 className="font-medium">{title}</h2>
      {aside && <div className="flex items-center gap-2 text-xs text-faint">{aside}</div>}
    </header>
    <div className={flush ? '' : 'p-3'}>{children}</div>
  </section>
)
