import { type AuditFilter, auditFilterSchema } from '@towline/contract/audit'

const NAMES = ['actor', 'action', 'subject'] as const

/** The filter of the audit lives in the address: `?tab=audit&actor=ada&action=limit`. */
export const filterToQuery = (filter: AuditFilter): URLSearchParams => {
  const query = new URLSearchParams({ tab: 'audit' })
  for (const name of NAMES) if (filter[name]) query.set(name, filter[name])
  return query
}

/** Whatever stands in the address: parts that make no sense are dropped, never shown as an error. */
export const queryToFilter = (query: { get(name: string): string | null }): AuditFilter => {
  const filter: AuditFilter = {}
  for (const name of NAMES) {
    const parsed = auditFilterSchema.shape[name].safeParse(query.get(name)?.trim() || undefined)
    if (parsed.success && parsed.data !== undefined) filter[name] = parsed.data
  }
  return filter
}

export const isEmptyFilter = (filter: AuditFilter): boolean => Object.keys(filter).length === 0

const quoted = (text: string): string => (/^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** The same list in a terminal. */
export const filterToCommand = (filter: AuditFilter): string =>
  ['towline audit ls', ...NAMES.flatMap((name) => (filter[name] ? [`--${name} ${quoted(filter[name])}`] : []))].join(' ')
