'use client'

import { useQuery } from '@tanstack/react-query'
import type { TagSuggestion } from '@towline/contract/limit-views'
import { Plus } from 'lucide-react'
import { useTRPC } from '../../trpc/trpc.ts'
import { Button } from '../../ui/Button.tsx'
import { plural } from '../../ui/format/format-number.ts'
import { Section } from '../../ui/Section.tsx'
import { Time } from '../../ui/Time.tsx'
import { useCanEdit } from './use-can-edit.ts'

const SHOWN = 6

const seenOn = ({ runs, tasks }: TagSuggestion): string =>
  [runs > 0 && plural(runs, 'run'), tasks > 0 && plural(tasks, 'task')].filter(Boolean).join(' and ')

/** Tags that runs carry and nothing bounds. */
export const Suggestions = ({ onPick }: { onPick: (tag: string) => void }) => {
  const canEdit = useCanEdit()
  const suggestions = useQuery(useTRPC().limits.suggestions.queryOptions())
  if (!suggestions.data?.length) return null
  return (
    <Section title="Tags without a limit" aside="seen on runs and tasks lately" flush>
      <ul>
        {suggestions.data.slice(0, SHOWN).map((suggestion) => (
          <li key={suggestion.tag} className="flex min-h-11 items-center gap-3 border-b border-line px-3 py-1.5 text-left last:border-0">
            <span className="min-w-0 flex-1">
              <span className="block truncate font-mono text-xs text-text">{suggestion.tag}</span>
              <span className="block truncate text-xs text-faint">
                {seenOn(suggestion)}, last <Time at={suggestion.lastSeenAt} className="text-faint" />
              </span>
            </span>
            {canEdit && (
              <Button size="sm" icon={<Plus size={13} />} aria-label={`Limit ${suggestion.tag}`} onClick={() => onPick(suggestion.tag)}>
                Limit it
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
