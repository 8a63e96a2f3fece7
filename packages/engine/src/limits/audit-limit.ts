import type { LimitView } from '@towline/contract/limit-views'
import type { Change } from '../audit/record-change.ts'

type Bounds = Pick<LimitView, 'kind' | 'slots' | 'rate' | 'collision' | 'description'>

/** What the audit keeps of a limit. Only those of deployments have a collision. */
export const limitFacts = ({ kind, slots, rate, collision, description }: Bounds) => ({
  slots,
  rate,
  ...(kind === 'deployment' && { collision }),
  description,
})

/** `tag:db`, `queue:eu/fast`: as the command line names it. */
export const limitSubject = ({ id, kind, name }: Pick<LimitView, 'id' | 'kind' | 'name'>): Change['subject'] => ({
  kind: 'limit',
  id,
  name: `${kind}:${name}`,
})

const KINDS = { pool: 'work pool', queue: 'queue', deployment: 'deployment', tag: 'tag' } as const

export const whatOf = ({ kind, name }: Pick<LimitView, 'kind' | 'name'>): string => `the ${KINDS[kind]} ${name}`

/** `2 slots, 10 starts per 60 s`. */
export const boundsText = ({ slots, rate }: Pick<LimitView, 'slots' | 'rate'>): string =>
  [
    slots === null ? null : `${slots} ${slots === 1 ? 'slot' : 'slots'}`,
    rate && `${rate.count} ${rate.count === 1 ? 'start' : 'starts'} per ${rate.windowSeconds} s`,
  ]
    .filter(Boolean)
    .join(', ')
