import { type LimitKind, type LimitRef, limitRefSchema } from '@towline/contract/limit-views'
import { CliError, EXIT } from '../cli-error.ts'
import { UUID } from './limit-name.ts'

const refOf = (kind: LimitKind, name: string): unknown => {
  if (kind === 'tag') return { kind, tag: name }
  if (kind === 'deployment') return { kind, deployment: name }
  if (kind === 'pool') return { kind, pool: name }
  const [pool, queue] = name.split('/')
  return { kind, pool, queue }
}

/** `api` and `tag:api` are tags; `pool:eu`, `queue:eu/fast` and `deployment:etl` name their kind. */
export const parseLimitRef = (typed: string): LimitRef => {
  if (UUID.test(typed)) return { id: typed }
  const found = /^(pool|queue|deployment|tag):(.+)$/.exec(typed)
  const parsed = limitRefSchema.safeParse(found ? refOf(found[1] as LimitKind, found[2] ?? '') : { kind: 'tag', tag: typed })
  if (parsed.success) return parsed.data
  throw new CliError(`"${typed}" names no limit`, { exit: EXIT.usage, remedy: 'api (a tag), pool:eu, queue:eu/default or deployment:etl' })
}
