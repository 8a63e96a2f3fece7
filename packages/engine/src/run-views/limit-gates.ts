import type { LimitGate, LimitKind, LimitRate } from '@towline/contract/limit-views'
import type { WaitingView } from '@towline/contract/views'
import { estimateWait } from '@towline/core/limit/estimate-wait'
import { holdText } from '@towline/core/limit/hold-text'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import text from './sql/read-limit-gates.sql'

const read = statement('read-limit-gates', text)

/** Counting a line stops here. */
const PLACE_CAP = 10_000
const NAMED_HOLDERS = 5

type Row = {
  run_id: string
  task_key: string | null
  weight: number
  lent: number
  hold: LimitGate['hold']
  until: Date | null
  since: Date
  place: number
  limit_id: string
  kind: LimitKind
  name: string
  slots: number | null
  rate_count: number | null
  rate_window_seconds: number | null
  used: number
  holding: number
  holders: { runId: string; runName: string; taskKey: string | null; since: string }[]
  ages: [number, number][]
  lately: number[]
}

/** A limit in somebody's way, with what only the sentence about it needs. */
export type LimitWait = LimitGate & { rate: LimitRate | null; weight: number; isOwn: boolean }

export const waiterKey = (runId: string, taskKey: string | null): string => `${runId}/${taskKey ?? ''}`

/** The hold was noted when it was last decided; what can be seen at once is newer. */
const holdOf = ({ hold, slots, weight, lent, used, place }: Row): LimitGate['hold'] => {
  if (slots === 0) return 'paused'
  if (slots !== null && weight > 0 && weight + lent > slots) return 'too-heavy'
  if (hold === 'rate' || (hold === 'paused' && slots === null)) return hold
  if (slots !== null && used + weight > slots) return 'full'
  return place > 1 ? 'in-line' : hold
}

const estimateOf = ({ ages, used, ...row }: Row): number | null => {
  const holders = ages.map(([ageMs, weight]) => ({ ageMs, weight }))
  const others = used - holders.reduce((sum, { weight }) => sum + weight, 0)
  return estimateWait({ ...row, holders: others > 0 ? [...holders, { ageMs: 0, weight: others }] : holders })
}

/** A task run waits although its own run, or the task that called it, holds slots: others of the run use them. */
const isOwn = ({ run_id, task_key, holders }: Row): boolean =>
  task_key !== null && holders.some((one) => one.runId === run_id && (one.taskKey === null || task_key.startsWith(`${one.taskKey}/`)))

const waitOf = (row: Row): LimitWait => ({
  limit: { id: row.limit_id, kind: row.kind, name: row.name, slots: row.slots, used: row.used },
  hold: holdOf(row),
  holders: row.holders.map((holder) => ({ ...holder, since: new Date(holder.since) })),
  holding: row.holding,
  place: row.place,
  since: row.since,
  until: row.until,
  estimateMs: estimateOf(row),
  rate:
    row.rate_count === null || row.rate_window_seconds === null ? null : { count: row.rate_count, windowSeconds: row.rate_window_seconds },
  weight: row.weight,
  isOwn: isOwn(row),
})

/** Of these runs and their tasks, those in line for a limit: by `waiterKey`. */
export const readLimitWaits = async (
  tx: Tx,
  { workspaceId, runIds, now }: { workspaceId: string; runIds: string[]; now: Date },
): Promise<Map<string, LimitWait>> => {
  if (runIds.length === 0) return new Map()
  const { rows } = await tx.query<Row>({ ...read, values: [workspaceId, runIds, PLACE_CAP, NAMED_HOLDERS, now] })
  return new Map(rows.map((row) => [waiterKey(row.run_id, row.task_key), waitOf(row)]))
}

const ordinal = (n: number): string => {
  const tens = n % 100
  return `${n}${tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`
}

export const limitText = ({ limit, hold, rate, place }: LimitWait): string => {
  const bound = {
    kind: limit.kind,
    name: limit.name,
    slots: limit.slots,
    rate: rate && { count: rate.count, windowMs: rate.windowSeconds * 1000 },
  }
  const line = place > PLACE_CAP ? `More than ${PLACE_CAP} are before it.` : `It is ${ordinal(place)} in line.`
  return `${holdText(bound, hold)} ${line}`
}

export const limitRemedy = ({ limit, hold, isOwn }: LimitWait): string => {
  if (isOwn)
    return 'Its run lends a slot to one task at a time: it is let in when another task of the run gives its own back, or raise the limit.'
  if (hold === 'paused') return 'Raise the limit, and the line moves.'
  if (hold === 'too-heavy') return `It can never start with this limit: raise it, or make the run lighter.`
  if (hold === 'rate') return 'It is let in when the time is over, or raise the rate.'
  return `It is let in when a slot is free, or raise the limit${limit.slots === null ? '' : ` of ${limit.slots}`}.`
}

/** As the command line names limits; quoted where a shell would read it otherwise. */
const nameOf = ({ kind, name }: LimitGate['limit']): string => {
  const typed = kind === 'tag' && !/^(pool|queue|deployment|tag):/.test(name) ? name : `${kind}:${name}`
  return /^[\w.:/@%+=-]+$/.test(typed) ? typed : `'${typed.replaceAll("'", `'\\''`)}'`
}

export const limitCommand = ({ limit, hold, rate, weight }: LimitWait): string => {
  const name = nameOf(limit)
  if (hold === 'rate' || limit.slots === null)
    return `towline limits set ${name} --rate ${rate === null ? 'none' : `${rate.count * 2}/${rate.windowSeconds}s`}`
  return `towline limits set ${name} ${Math.max(weight, limit.used + weight, limit.slots + 1)}`
}

/** Without what is for the sentence alone. */
export const limitGate = ({ rate: _, weight: __, isOwn: ___, ...gate }: LimitWait): LimitGate => gate

export const waitingForLimit = (wait: LimitWait | undefined): WaitingView | null =>
  wait === undefined ? null : { gate: 'limit', text: limitText(wait), remedy: limitRemedy(wait), limit: limitGate(wait) }
