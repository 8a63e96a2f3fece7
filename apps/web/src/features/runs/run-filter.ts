import { type RunFilter, runFilterSchema } from '@towline/contract/views'

/** The filter of the runs list lives in the address: `?state=failed,late&deployment=etl&q=nightly`. */
export const filterToQuery = (filter: RunFilter): URLSearchParams => {
  const query = new URLSearchParams()
  if (filter.states?.length) query.set('state', filter.states.join(','))
  if (filter.deployment) query.set('deployment', filter.deployment)
  if (filter.pool) query.set('pool', filter.pool)
  if (filter.tag) query.set('tag', filter.tag)
  if (filter.search) query.set('q', filter.search)
  return query
}

/** Whatever stands in the address: parts that make no sense are dropped, never shown as an error. */
export const queryToFilter = (query: { get(name: string): string | null }): RunFilter => {
  const text = (name: string): string | undefined => query.get(name)?.trim().slice(0, 200) || undefined
  const stateSchema = runFilterSchema.shape.states.unwrap().element
  const states = (query.get('state') ?? '').split(',').flatMap((part) => {
    const parsed = stateSchema.safeParse(part.trim())
    return parsed.success ? [parsed.data] : []
  })
  const filter: RunFilter = {}
  if (states.length > 0) filter.states = [...new Set(states)]
  const [deployment, pool, tag, search] = [text('deployment'), text('pool'), text('tag'), text('q')]
  if (deployment) filter.deployment = deployment
  if (pool) filter.pool = pool
  if (tag) filter.tag = tag
  if (search) filter.search = search
  return filter
}

export const isEmptyFilter = (filter: RunFilter): boolean => Object.keys(filter).length === 0

/** The same list in a terminal. */
export const filterToCommand = (filter: RunFilter): string => {
  const quoted = (value: string) => (/^[\w.:@/-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`)
  const flags = [
    ...(filter.states ?? []).map((state) => `--state ${quoted(state)}`),
    filter.deployment && `--deployment ${quoted(filter.deployment)}`,
    filter.pool && `--pool ${quoted(filter.pool)}`,
    filter.tag && `--tag ${quoted(filter.tag)}`,
    filter.search && `--search ${quoted(filter.search)}`,
  ].filter(Boolean)
  return ['towline runs ls', ...flags].join(' ')
}
