'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { LimitRef, RehearsalView } from '@towline/contract/limit-views'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useEffect, useState } from 'react'
import { readError } from '../../../trpc/read-error.ts'
import { useTRPC } from '../../../trpc/trpc.ts'
import { plural } from '../../../ui/format/format-number.ts'
import { Skeleton } from '../../../ui/Skeleton.tsx'
import type { Setting } from './limit-draft.ts'
import { type Change, gainsAndLosses, type Line, rehearsalLines } from './rehearsal-words.ts'

const SETTLE_MS = 250
const SHOWN = 4

/** The value once it has not changed for a moment: a number that is being typed is not replayed digit by digit. */
const useSettled = <T,>(value: T, key: string): T => {
  const [settled, setSettled] = useState({ key, value })
  useEffect(() => {
    if (settled.key === key) return
    const timer = setTimeout(() => setSettled({ key, value }), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [key, value, settled.key])
  return settled.value
}

const MARK = {
  better: { tone: 'text-green', icon: <ArrowDown size={12} aria-label="less" /> },
  worse: { tone: 'text-red', icon: <ArrowUp size={12} aria-label="more" /> },
  same: { tone: '', icon: null },
} as const

const Row = ({ line }: { line: Line }) => (
  <tr>
    <th scope="row" className="py-0.5 pr-3 text-left font-normal text-muted">
      {line.label}
    </th>
    <td className="py-0.5 pr-3 text-right text-muted">{line.before}</td>
    <td className={`py-0.5 text-right font-medium whitespace-nowrap ${MARK[line.verdict].tone}`}>
      <span className="inline-flex items-center gap-1">
        {MARK[line.verdict].icon}
        {line.after}
      </span>
    </td>
  </tr>
)

const Changes = ({ title, changes, tone }: { title: string; changes: Change[]; tone: string }) =>
  changes.length > 0 && (
    <div className="min-w-0">
      <p className={`text-xs font-medium ${tone}`}>{title}</p>
      <ul>
        {changes.slice(0, SHOWN).map((change) => (
          <li key={change.group} className="flex flex-wrap justify-between gap-x-3 py-0.5">
            <span className="min-w-0 truncate">{change.group}</span>
            <span className="text-xs text-muted">{change.text}</span>
          </li>
        ))}
        {changes.length > SHOWN && <li className="text-xs text-faint">and {changes.length - SHOWN} more</li>}
      </ul>
    </div>
  )

const Result = ({ view }: { view: RehearsalView }) => {
  const { gain, lose } = gainsAndLosses(view)
  if (view.holders === 0)
    return <p className="text-muted">Nothing of the kind ran in the last 24 hours, so there is nothing to replay. It holds from now on.</p>
  return (
    <div className="grid gap-x-8 gap-y-3 sm:grid-cols-2">
      <table className="w-full self-start">
        <caption className="sr-only">Waits and lines of the last 24 hours, as they were and with this limit</caption>
        <thead>
          <tr className="text-xs text-faint">
            <th scope="col" className="sr-only">
              What
            </th>
            <th scope="col" className="pr-3 text-right font-normal">
              as now
            </th>
            <th scope="col" className="text-right font-normal">
              with this
            </th>
          </tr>
        </thead>
        <tbody>
          {rehearsalLines(view).map((line) => (
            <Row key={line.label} line={line} />
          ))}
        </tbody>
      </table>
      <div className="flex min-w-0 flex-col gap-2">
        <Changes title="Would have waited less" changes={gain} tone="text-green" />
        <Changes title="Would have waited longer" changes={lose} tone="text-red" />
        {gain.length + lose.length === 0 && <p className="text-muted">Nobody would have noticed: no deployment's waits change.</p>}
      </div>
    </div>
  )
}

/** What the bounds in the form would have done to the last 24 hours of this workspace. Changes nothing. */
export const Rehearsal = ({ limit, setting }: { limit: LimitRef; setting: Setting }) => {
  const wanted = { limit, ...setting }
  const asked = useSettled(wanted, JSON.stringify(wanted))
  const answer = useQuery(useTRPC().limits.rehearse.queryOptions(asked, { placeholderData: keepPreviousData, staleTime: 30_000 }))
  const stale = answer.isPlaceholderData || JSON.stringify(wanted) !== JSON.stringify(asked)
  return (
    <section
      aria-live="polite"
      aria-busy={stale || answer.isPending}
      className="flex min-h-[196px] flex-col gap-2 rounded-lg border border-line bg-sunken p-3"
    >
      <header className="flex flex-wrap items-baseline justify-between gap-x-3">
        <h3 className="font-medium">In the last 24 hours it would have done this</h3>
        {!!answer.data?.holders && (
          <span className="text-xs text-faint">
            {plural(answer.data.holders, 'arrival')} replayed{answer.data.truncated && ', the newest'}
          </span>
        )}
      </header>
      {answer.data ? (
        <div className={stale ? 'opacity-50 transition-opacity' : 'transition-opacity'}>
          <Result view={answer.data} />
        </div>
      ) : answer.error ? (
        <p className="text-muted">It cannot be replayed now. {readError(answer.error).message} The limit can be saved all the same.</p>
      ) : (
        <div className="grid gap-x-8 gap-y-3 sm:grid-cols-2">
          <div className="flex flex-col gap-3 pt-5">
            {['p50', 'p95', 'max', 'line', 'use'].map((key) => (
              <Skeleton key={key} className="h-4 w-full" />
            ))}
          </div>
          <Skeleton className="h-16 w-full" />
        </div>
      )}
    </section>
  )
}
