import type { AuditEntry, AuditFilter } from '@towline/contract/audit'
import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import type { Column } from '../../ui/Table.tsx'
import { Time } from '../../ui/Time.tsx'
import { ActorName } from './ActorName.tsx'
import { sentence, subjectHref, untoldOf } from './change-words.ts'
import { Differences } from './Differences.tsx'

type Handlers = { to: (path: string) => string; onPick: (change: Partial<AuditFilter>) => void }

const QUIET = 'rounded-sm text-left hover:text-text hover:underline'

const What = ({ entry, to, onPick }: { entry: AuditEntry } & Handlers) => {
  const href = subjectHref(entry)
  const differences = untoldOf(entry)
  return (
    <div className="min-w-0 py-0.5">
      <button type="button" className={`${QUIET} max-w-full text-muted sm:hidden`} onClick={() => onPick({ actor: entry.actor.name })}>
        <ActorName actor={entry.actor} />
      </button>
      <p className="break-words">{sentence(entry.text)}</p>
      {entry.reason !== null && <p className="break-words text-muted">“{entry.reason}”</p>}
      <div className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-faint">
        <button type="button" className={`${QUIET} font-mono text-[11px]`} onClick={() => onPick({ action: entry.action })}>
          {entry.action}
        </button>
        {href && (
          <Link href={to(href)} prefetch={false} className={`${QUIET} min-w-0 truncate`}>
            {entry.subject.name}
          </Link>
        )}
        {differences.length > 0 && (
          <details className="group/details open:w-full">
            <summary className="inline-flex cursor-pointer list-none items-center gap-1 rounded-sm hover:text-text">
              <ChevronRight size={12} className="transition-transform duration-100 group-open/details:rotate-90" aria-hidden />
              {entry.before === null ? 'made with' : entry.after === null ? 'what it was' : 'before and after'}
            </summary>
            <div className="pt-1 pl-4 text-text">
              <Differences differences={differences} />
            </div>
          </details>
        )}
      </div>
    </div>
  )
}

export const auditColumns = (handlers: Handlers): Column<AuditEntry>[] => [
  {
    id: 'who',
    title: 'Who',
    className: 'w-48 max-w-48 max-sm:hidden [&:is(td)]:align-top',
    cell: (entry) => (
      <button
        type="button"
        className={`${QUIET} flex max-w-full py-0.5 text-muted`}
        onClick={() => handlers.onPick({ actor: entry.actor.name })}
      >
        <ActorName actor={entry.actor} />
      </button>
    ),
  },
  { id: 'what', title: 'What', className: 'max-w-0 w-full [&:is(td)]:align-top', cell: (entry) => <What entry={entry} {...handlers} /> },
  {
    id: 'when',
    title: 'When',
    className: 'w-24 text-right whitespace-nowrap [&:is(td)]:align-top',
    cell: (entry) => (
      <span className="inline-block py-0.5">
        <Time at={entry.at} />
      </span>
    ),
  },
]
