import { type Candidate, type Demand, decideGrants, type Grant, type Held } from '@towline/core/limit/decide-grants'
import { type Bound, demandsOf } from '@towline/core/limit/demands-of'
import { holdText } from '@towline/core/limit/hold-text'
import type { Loan } from '@towline/core/limit/lend'
import { statement } from '@towline/db/statement'
import { newId } from '@towline/service/new-id'
import type { Query } from '../runs/life/query.ts'
import type { RunTransaction } from '../runs/life/run-transaction.ts'
import { leaveLinesQuery } from './leave-lines.ts'
import { type KnownLimit, readLimitFacts } from './limit-facts.ts'
import insertSlotsText from './sql/insert-slots.sql'
import joinLinesText from './sql/join-lines.sql'
import lockDemandedText from './sql/lock-demanded-limits.sql'

const lockDemanded = statement('lock-demanded-limits', lockDemandedText)
const insertSlots = statement('insert-slots', insertSlotsText)
const joinLines = statement('join-lines', joinLinesText)

/** A run, or a task run of one, that wants in. Its run is locked. */
export type Applicant = {
  runId: string
  /** Which attempt will hold the slots. */
  attempt: number
  taskKey: string | null
  poolId: string
  queueId: string
  deploymentId: string
  tags: readonly string[]
  weights: Readonly<Record<string, number>>
  tier: number
  rank: number
  priority: number
  /** It stands in a line already. */
  waits: boolean
  /** Of a task run: what its run and the task runs around it lend it, by the tag of the limit. */
  loans?: ReadonlyMap<string, Loan>
}

export type Verdict = { limits: ReadonlyMap<string, KnownLimit>; grants: readonly Grant[]; demands: ReadonlyMap<string, readonly Demand[]> }

type BoundRow = { id: string; pool_id: string | null; queue_id: string | null; deployment_id: string | null; tag: string | null }

const keyOf = ({ runId, taskKey }: Applicant): string => (taskKey === null ? runId : `${runId}/${taskKey}`)

type Asked = {
  workspaceId: string
  applicants: readonly Applicant[]
  room: number
  kinds: 'all' | 'tags'
  /** More limits to lock: of lines that are left for good. */
  lines?: readonly string[]
}

/** Locks every limit that the applicants demand, reads them, and asks core. The order of the applicants is the order of service. */
export const decideApplicants = async (
  work: Pick<RunTransaction, 'send' | 'now'>,
  { workspaceId, applicants, room, kinds, lines = [] }: Asked,
): Promise<Verdict> => {
  const unique = (values: string[]): string[] => [...new Set(values)]
  const all = kinds === 'all'
  const [locked] = await work.send([
    {
      ...lockDemanded,
      values: [
        workspaceId,
        all ? unique(applicants.map((one) => one.poolId)) : [],
        all ? unique(applicants.map((one) => one.queueId)) : [],
        all ? unique(applicants.map((one) => one.deploymentId)) : [],
        unique(applicants.flatMap((one) => [...one.tags])),
        lines,
      ],
    },
  ])
  const bounds = ((locked?.rows ?? []) as BoundRow[]).map(
    (row): Bound => ({ id: row.id, poolId: row.pool_id, queueId: row.queue_id, deploymentId: row.deployment_id, tag: row.tag }),
  )
  const facts =
    bounds.length === 0
      ? []
      : await readLimitFacts(
          work,
          bounds.map((bound) => bound.id),
        )
  const demands = new Map(applicants.map((one) => [keyOf(one), demandsOf(one, bounds).map((demand) => withLoan(demand, one, bounds))]))
  const candidates = applicants.map(
    (one): Candidate => ({ id: keyOf(one), tier: one.tier, rank: one.rank, demands: demands.get(keyOf(one)) ?? [] }),
  )
  return {
    limits: new Map(facts.map((limit) => [limit.id, limit])),
    grants: decideGrants(candidates, facts, work.now.getTime(), room),
    demands,
  }
}

/** What is lent is not taken of the limit again. */
const withLoan = (demand: Demand, { loans }: Applicant, bounds: readonly Bound[]): Demand => {
  const tag = bounds.find((bound) => bound.id === demand.limitId)?.tag
  const lent = (tag && loans?.get(tag)?.lent) || 0
  return lent === 0 ? demand : { ...demand, weight: demand.weight - lent, lent }
}

type Written = Pick<Verdict, 'demands' | 'limits'> & { workspaceId: string; now: Date }

const lenderOf = ({ loans, limitId }: Applicant & Demand, limits: Verdict['limits']): string | null =>
  loans?.get(limits.get(limitId)?.name ?? '')?.lender ?? null

/** Slots of all demands of those who were granted; they leave their line. */
export const grantedWrites = (granted: readonly Applicant[], { workspaceId, now, demands, limits }: Written): Query[] => {
  const slots = granted.flatMap((one) => (demands.get(keyOf(one)) ?? []).map((demand) => ({ ...one, ...demand })))
  const waited = granted.filter((one) => one.waits)
  const writes: Query[] = []
  if (slots.length > 0) {
    const values = [
      slots.map(() => newId(now)),
      slots.map(() => workspaceId),
      slots.map((slot) => slot.limitId),
      slots.map((slot) => slot.runId),
      slots.map((slot) => slot.attempt),
      slots.map((slot) => slot.taskKey),
      slots.map((slot) => slot.weight),
      slots.map((slot) => slot.priority),
      now,
      slots.map((slot) => slot.lent ?? 0),
      slots.map((slot) => (slot.lent ? lenderOf(slot, limits) : null)),
    ]
    writes.push({ ...insertSlots, values })
  }
  if (waited.length > 0) writes.push(leaveLinesQuery(waited))
  return writes
}

/** A place in the line of the limit that holds them. */
export const blockedWrites = (blocked: readonly (Applicant & Held)[], { workspaceId, now, demands }: Written): Query[] => {
  if (blocked.length === 0) return []
  const needOf = (one: Applicant & Held): Demand | undefined => demands.get(keyOf(one))?.find((demand) => demand.limitId === one.limitId)
  const values = [
    blocked.map(() => newId(now)),
    blocked.map(() => workspaceId),
    blocked.map((one) => one.limitId),
    blocked.map((one) => one.runId),
    blocked.map((one) => (one.taskKey === null ? null : one.attempt)),
    blocked.map((one) => one.taskKey),
    blocked.map((one) => one.queueId),
    blocked.map((one) => needOf(one)?.weight ?? 1),
    blocked.map((one) => one.tier),
    blocked.map((one) => one.rank),
    blocked.map((one) => one.priority),
    blocked.map((one) => one.hold),
    blocked.map((one) => (one.until === null ? null : new Date(one.until).toISOString())),
    now,
    blocked.map((one) => needOf(one)?.lent ?? 0),
  ]
  return [{ ...joinLines, values }]
}

/** The lines that one decision moved, of somebody who waited. */
const linesLeft = ({ limits, demands }: Verdict, grant: Exclude<Grant, { kind: 'left' }>): string[] => {
  const stood = [...limits.values()].filter(({ line }) => line.some((one) => one.id === grant.id)).map((limit) => limit.id)
  if (stood.length === 0) return (demands.get(grant.id) ?? []).map((demand) => demand.limitId)
  return grant.kind === 'blocked' ? stood.filter((limitId) => limitId !== grant.limitId) : []
}

/**
 * Lines that must be looked at again: somebody who stood in one of them was held by another limit, so what was kept for it is free; or nobody had
 * taken an offer for so long that its queue stood in nobody's way, and now it was taken; or somebody who was called finds others before it, who
 * were not; or time opens it and its head needs to know when.
 */
export const movedLines = (verdict: Verdict, applicants: readonly Applicant[]): string[] => {
  const rated = [...verdict.limits.values()].filter((limit) => limit.rate !== null && limit.line.length > 0).map((limit) => limit.id)
  const moved = new Set(rated)
  const waiting = new Set(applicants.filter((one) => one.waits).map(keyOf))
  for (const grant of verdict.grants) {
    if (grant.kind === 'left') continue
    if (grant.kind === 'blocked' && grant.until !== null) moved.add(grant.limitId)
    if (grant.kind === 'blocked' && grant.hold === 'in-line' && waiting.has(grant.id)) moved.add(grant.limitId)
    if (waiting.has(grant.id)) for (const limitId of linesLeft(verdict, grant)) moved.add(limitId)
  }
  return [...moved]
}

export const textOf = ({ limits }: Verdict, { limitId, hold }: Held): string => {
  const limit = limits.get(limitId)
  return limit ? holdText(limit, hold) : 'A limit does not let it in.'
}
