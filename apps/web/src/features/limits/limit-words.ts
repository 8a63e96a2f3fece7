import type { Collision, LimitKind, LimitRate, LimitRef, LimitView, LimitWaiter } from '@towline/contract/limit-views'
import { plural } from '../../ui/format/format-number.ts'

export const KIND_WORD: Record<LimitKind, string> = { pool: 'Work pool', queue: 'Queue', deployment: 'Deployment', tag: 'Tag' }

export const COLLISION_WORD: Record<Collision, { label: string; hint: string }> = {
  enqueue: { label: 'Wait in line', hint: 'A new run waits until a slot is free.' },
  'cancel-new': { label: 'Cancel the new run', hint: 'It ends at once and names the run that holds the slot.' },
  'replace-oldest': { label: 'Replace the oldest', hint: 'The oldest run is cancelled, the new one takes its slot.' },
}

const UNITS = [
  { seconds: 86_400, one: 'day', short: 'd' },
  { seconds: 3600, one: 'hour', short: 'h' },
  { seconds: 60, one: 'minute', short: 'm' },
  { seconds: 1, one: 'second', short: 's' },
] as const

/** The largest unit that a window is a whole number of. */
const unitOf = (seconds: number) => UNITS.find((unit) => seconds % unit.seconds === 0) ?? UNITS[3]

/** `10 per minute`, `3 per 90 seconds`. */
export const rateText = ({ count, windowSeconds }: LimitRate): string => {
  const unit = unitOf(windowSeconds)
  const amount = windowSeconds / unit.seconds
  return `${count} per ${amount === 1 ? unit.one : plural(amount, unit.one)}`
}

export const boundText = ({ slots, rate }: Pick<LimitView, 'slots' | 'rate'>): string => {
  if (slots === 0) return 'paused'
  const parts = [slots !== null && plural(slots, 'slot'), rate && rateText(rate)].filter(Boolean)
  return parts.length > 0 ? parts.join(', ') : 'no bound'
}

export const isPaused = (limit: Pick<LimitView, 'slots'>): boolean => limit.slots === 0

/** A queue's name is `pool/queue`; names hold no slash. */
export const refOf = (limit: Pick<LimitView, 'kind' | 'name'>): LimitRef => {
  const { kind, name } = limit
  if (kind === 'tag') return { kind, tag: name }
  if (kind === 'pool') return { kind, pool: name }
  if (kind === 'deployment') return { kind, deployment: name }
  const [pool = '', queue = ''] = name.split('/')
  return { kind, pool, queue }
}

export const nameOfRef = (ref: LimitRef): string => {
  if ('id' in ref) return ref.id
  if (ref.kind === 'tag') return ref.tag
  if (ref.kind === 'pool') return ref.pool
  if (ref.kind === 'deployment') return ref.deployment
  return `${ref.pool}/${ref.queue}`
}

/** Where what is bounded lives; tags live on the runs that carry them. */
export const subjectPath = ({ kind, name }: Pick<LimitView, 'kind' | 'name'>): string => {
  if (kind === 'tag') return `/runs?tag=${encodeURIComponent(name)}`
  if (kind === 'deployment') return `/deployments/${name}`
  return kind === 'pool' ? `/pools/${name}` : `/pools/${name.split('/')[0]}?tab=queues`
}

type InLine = Pick<LimitWaiter, 'hold' | 'called' | 'place'>

/** Why the one at this place of the line is not let in. What it was told when it joined is old once it stands in front, or the limit is paused. */
export const holdPhrase = ({ hold, called, place }: InLine, limit: Pick<LimitView, 'slots' | 'used'>): string => {
  if (called) return 'a slot was offered, it is being claimed'
  if (isPaused(limit) || hold === 'paused') return 'the limit is paused'
  if (hold === 'too-heavy') return 'it takes more slots than there are'
  if (hold === 'rate') return 'the rate is used up'
  if (place > 1) return 'others stand before it'
  return limit.slots !== null && limit.used >= limit.slots ? 'all slots are taken' : 'it is next'
}

/** 1 -> `1st`, 12 -> `12th`. */
export const ordinal = (place: number): string => {
  const tens = place % 100
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th')
  return `${place}${suffix}`
}
