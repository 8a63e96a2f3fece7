import type { AuditEntry } from '@towline/contract/audit'
import type { LimitRate } from '@towline/contract/limit-views'
import { rateText } from '../limits/limit-words.ts'

export type Difference = { name: string; from: string | null; to: string | null }

const LONG = 80

/** A value of an entry, as people read it. null: there was none. */
export const valueText = (value: unknown): string | null => {
  if (value === undefined) return null
  if (value === null) return 'none'
  if (value === '') return 'empty'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'object' && 'count' in value && 'windowSeconds' in value) return rateText(value as LimitRate)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text
}

/** What differs, name by name. What a new thing does not have is not told, nor ids: they stand for names that are told. */
export const differencesOf = ({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Difference[] =>
  [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
    .filter((name) => !name.endsWith('Id'))
    .map((name) => ({ name, from: before && valueText(before[name] ?? null), to: after && valueText(after[name] ?? null) }))
    .filter(({ from, to }) => (from !== null && to !== null) || !['none', 'empty'].includes(from ?? to ?? 'none'))

/** Those that the sentence of the entry does not say already. */
export const untoldOf = (entry: Pick<AuditEntry, 'action' | 'text' | 'before' | 'after'>): Difference[] =>
  /\.(pause|resume)$/.test(entry.action)
    ? []
    : differencesOf(entry).filter(({ name, from, to }) => !entry.text.includes(`${name} ${from} → ${to}`))

/** `Changed the limit…`: the sentence without its subject. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Where the thing is now; null when it has no page, or has none any more. */
export const subjectHref = ({ action, subject }: Pick<AuditEntry, 'action' | 'subject'>): string | null => {
  const { kind, id, name } = subject
  if (action.endsWith('.delete')) return null
  const pages: Record<string, string> = {
    limit: `/concurrency/${id}`,
    pool: `/pools/${name}`,
    queue: `/pools/${name.split('/')[0]}?tab=queues`,
    deployment: `/deployments/${name}`,
    run: `/runs/${id}`,
    key: '/settings?tab=keys',
    login: '/settings?tab=keys',
    workspace: '/settings',
  }
  return pages[kind] ?? null
}
