import { AppError } from '@towline/contract/app-error'
import type { SlotsRequest, SlotsResponse } from '@towline/contract/run-api'
import { typeOf } from '@towline/contract/states'
import { type Hold, rankOf } from '@towline/core/limit/decide-grants'
import { type Held, type Loan, loanFor } from '@towline/core/limit/lend'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { type RunTransaction, runTransaction } from '../runs/life/run-transaction.ts'
import { type Applicant, blockedWrites, decideApplicants, grantedWrites, movedLines, type Verdict } from './decide-claims.ts'
import findPlaceText from './sql/find-place.sql'
import readTaskHolderText from './sql/read-task-holder.sql'

const readTaskHolder = statement('read-task-holder', readTaskHolderText)
const findPlace = statement('find-place', findPlaceText)

/** A task need not ask for tags without a limit more often: so soon does a new limit hold for the tasks of runs under way. */
const RECHECK_SECONDS = 10

export type TaskSlots = {
  workspaceId: string
  runId: string
  attempt: number
  request: Pick<SlotsRequest, 'key' | 'slots' | 'priority'> & { within?: readonly string[] }
}
type Row = {
  over: boolean
  pool_id: string
  queue_id: string
  deployment_id: string
  tier: number
  rank: number | null
  priority: number | null
  limit_id: string | null
  held: string[]
  /** Slots of tags that the run and its task runs hold in this attempt. */
  around: (Held & { tag: string })[]
}

/**
 * May this task run start? All slots of its tags or none; otherwise it has a place in line, which it keeps as long as it asks again within a minute.
 * Answers at once: whoever holds the call open asks again when the bus says `slots` with its `slotNotice`, or with the id of the run. Asking twice changes nothing.
 */
export const requestTaskSlots = async (ctx: EngineContext, input: TaskSlots): Promise<SlotsResponse> => {
  const { runId, request } = input
  const outcome = await runTransaction(ctx, (work) => decide(work, input))
  if (outcome.kind === 'granted') return { granted: true, limited: outcome.limited, recheckSeconds: RECHECK_SECONDS }
  const { rows } = await ctx.db.enginePool.query<{ place: number }>({ ...findPlace, values: [runId, request.key] })
  return { granted: false, limit: outcome.limit, hold: outcome.hold, place: rows[0]?.place ?? 1, stop: null }
}

type Outcome = { kind: 'granted'; limited: string[] } | { kind: 'blocked'; limit: { kind: 'tag'; name: string }; hold: Hold }

const decide = async (work: RunTransaction, { workspaceId, runId, attempt, request }: TaskSlots): Promise<Outcome> => {
  const book = await work.lock([runId])
  const run = book.get(runId, workspaceId)
  if (!run || run.attempt !== attempt || !run.leased)
    throw new AppError('stale_attempt', 'This attempt has ended or was replaced; it must stop.')
  if (typeOf(run.state) === 'CANCELLING') throw new AppError('stale_attempt', 'The run is being cancelled; no task of it starts any more.')
  const [read] = await work.send([{ ...readTaskHolder, values: [runId, attempt, request.key] }])
  const row = (read?.rows ?? [])[0] as Row
  if (row.over) throw new AppError('invalid_input', `The task run ${request.key} has ended: it needs no slots any more.`)
  if (row.held.length > 0) return { kind: 'granted', limited: row.held }
  const applicant: Applicant = {
    runId,
    attempt,
    taskKey: request.key,
    poolId: row.pool_id,
    queueId: row.queue_id,
    deploymentId: row.deployment_id,
    tags: Object.keys(request.slots),
    weights: request.slots,
    tier: row.tier,
    rank: row.rank ?? rankOf(work.now.getTime(), request.priority),
    priority: row.priority ?? request.priority,
    waits: row.rank !== null,
    loans: loansOf(row.around, request),
  }
  // It may ask for something else than it waited for: then whoever stood behind it there is next.
  const lines = row.limit_id === null ? [] : [row.limit_id]
  const verdict = await decideApplicants(work, { workspaceId, applicants: [applicant], room: 1, kinds: 'tags', lines })
  work.callLater(lines)
  return write(work, workspaceId, applicant, verdict)
}

const loansOf = (around: Row['around'], { slots, within = [] }: TaskSlots['request']): Map<string, Loan> => {
  const loans = new Map<string, Loan>()
  for (const [tag, weight] of Object.entries(slots)) {
    const held = around.filter((slot) => slot.tag === tag)
    const loan = loanFor(held, within, weight)
    if (loan) loans.set(tag, loan)
  }
  return loans
}

const write = (work: RunTransaction, workspaceId: string, applicant: Applicant, verdict: Verdict): Outcome => {
  const [grant] = verdict.grants
  const written = { workspaceId, now: work.now, ...verdict }
  work.callLater(movedLines(verdict, [applicant]))
  if (grant?.kind !== 'blocked') {
    if (verdict.limits.size > 0 || applicant.waits) work.afterwards(grantedWrites([applicant], written))
    return {
      kind: 'granted',
      limited: [...verdict.limits.values()].map((limit) => limit.name).filter((name) => applicant.tags.includes(name)),
    }
  }
  work.afterwards(blockedWrites([{ ...applicant, ...grant }], written))
  return { kind: 'blocked', limit: { kind: 'tag', name: verdict.limits.get(grant.limitId)?.name ?? '' }, hold: grant.hold }
}
