import type { Hold } from './decide-grants.ts'

export type NamedLimit = {
  kind: 'pool' | 'queue' | 'deployment' | 'tag'
  name: string
  slots: number | null
  rate: { count: number; windowMs: number } | null
}

const KINDS = { pool: 'work pool', queue: 'queue', deployment: 'deployment', tag: 'tag' } as const

const seconds = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`)

/** One sentence: which limit keeps somebody waiting, and how. */
export const holdText = ({ kind, name, slots, rate }: NamedLimit, hold: Hold): string => {
  const what = `the ${KINDS[kind]} ${name}`
  if (hold === 'paused') return `The limit of ${what} is 0: nothing is let in until it is raised.`
  if (hold === 'too-heavy') return `It takes more slots than ${what} has (${Math.min(slots ?? Infinity, rate?.count ?? Infinity)}).`
  if (hold === 'rate')
    return `${what[0]?.toUpperCase()}${what.slice(1)} lets ${rate?.count} in per ${seconds(rate?.windowMs ?? 0)}, and so many started.`
  if (hold === 'in-line') return `Others stand in line for ${what} before it.`
  return slots === 1 ? `The one slot of ${what} is taken.` : `The ${slots} slots of ${what} are taken.`
}
