'use client'

import { useQuery } from '@tanstack/react-query'
import type { LimitView } from '@towline/contract/limit-views'
import Link from 'next/link'
import { useTRPC } from '../../trpc/trpc.ts'
import { plural } from '../../ui/format/format-number.ts'
import { Section } from '../../ui/Section.tsx'
import { LimitMeter } from '../limits/LimitMeter.tsx'
import { KIND_WORD } from '../limits/limit-words.ts'
import { useWorkspace } from '../shell/workspace-context.ts'

const SHOWN = 6

/** Somebody waits, or nothing more would be let in. A limit that is only paused and that nobody wants is no news. */
const isFull = (limit: LimitView): boolean => limit.waiting > 0 || (limit.slots !== null && limit.slots > 0 && limit.used >= limit.slots)

/** Limits at their bound, those with the longest line first. */
export const FullLimits = () => {
  const { to } = useWorkspace()
  const { data } = useQuery(useTRPC().limits.list.queryOptions())
  const full = (data ?? []).filter(isFull).sort((a, b) => b.waiting - a.waiting)
  if (full.length === 0) return null
  return (
    <Section
      title="Limits at their bound"
      flush
      aside={
        <Link href={to('/concurrency')} className="hover:text-text">
          All limits
        </Link>
      }
    >
      <ul>
        {full.slice(0, SHOWN).map((limit) => (
          <li key={limit.id} className="border-b border-line last:border-0">
            <Link href={to(`/concurrency/${limit.id}`)} className="flex min-h-11 items-center gap-3 px-3 py-1.5 hover:bg-hover">
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{limit.name}</span>
                <span className="block truncate text-xs text-faint">{KIND_WORD[limit.kind]}</span>
              </span>
              <LimitMeter limit={limit} />
              <span className={limit.waiting > 0 ? 'w-20 text-right text-xs text-violet' : 'w-20 text-right text-xs text-faint'}>
                {limit.waiting > 0 ? `${plural(limit.waiting, 'waits', 'wait')}` : 'nobody waits'}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}
