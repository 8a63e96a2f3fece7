import type { JsonObject } from '@towline/contract/json'
import type { Manifest } from '@towline/contract/manifest'
import { DEFAULT_START_TIMEOUT_SECONDS, type JobVariables, type RunSpec } from '@towline/contract/run-spec'
import type { Held } from '@towline/core/limit/decide-grants'
import { mergeVariables } from '@towline/core/run/merge-variables'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { type Applicant, blockedWrites, decideApplicants, grantedWrites, movedLines, textOf } from '../limits/decide-claims.ts'
import { type HeldRun, leaveHeld } from '../limits/leave-lines.ts'
import type { KnownLimit } from '../limits/limit-facts.ts'
import { lookAtLines } from '../limits/look-at-lines.ts'
import { replaceOldest } from '../limits/replace-oldest.ts'
import { dealRuns, type Taker } from './deal-runs.ts'
import { lockedRunOf, type RunRow } from './life/locked-run.ts'
import type { Query } from './life/query.ts'
import type { RunBook } from './life/run-book.ts'
import { type RunTransaction, runTransaction } from './life/run-transaction.ts'
import { manifestsOf, runSpecOf } from './run-specs.ts'
import lockReadyRunsText from './sql/lock-ready-runs.sql'
import parkRunsText from './sql/park-runs.sql'
import readPoolVariablesText from './sql/read-pool-variables.sql'

const lockReadyRuns = statement('lock-ready-runs', lockReadyRunsText)
const parkRuns = statement('park-runs', parkRunsText)
const readPoolVariables = statement('read-pool-variables', readPoolVariablesText)

export type ClaimInput = { poolId: string; agentId: string; agentName: string; credits: number; leaseSeconds: number }
export type ClaimedRun = { spec: RunSpec; workspaceId: string }
export type ClaimForAgentsInput = { poolId: string; takers: readonly Taker[]; leaseSeconds: number }

type ReadyRow = RunRow & {
  queue_id: string
  tier: number
  rank: number
  priority: number
  parameters: JsonObject
  variables: JobVariables
  tags: string[]
  timeout_seconds: number | null
  reuses: boolean
  held: boolean
}

type PoolRow = { workspace_id: string; variables: JobVariables; limited: boolean }

/** For one agent: up to `credits` ready runs of its pool. Whom a limit holds stands in its line when this returns. */
export const claimRuns = async (ctx: EngineContext, { poolId, leaseSeconds, ...taker }: ClaimInput): Promise<ClaimedRun[]> => {
  const claimed: ClaimedRun[] = []
  for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
    const takers = [{ ...taker, credits: taker.credits - claimed.length }]
    const { runs, more } = await claimRunsForAgents(ctx, { poolId, takers, leaseSeconds })
    claimed.push(...runs)
    if (!more) break
  }
  return claimed
}

type Claimed = ClaimedRun & { agentId: string }
/** `more`: there are ready runs that limits will hold, and perhaps others behind them: claim again, when these runs are on their way. */
export type Claims = { runs: Claimed[]; more: boolean }

const MAX_PASSES = 1000
/** How many looks past runs that limits hold; each may meet one more limit that is shut. */
const MAX_LOOKS = 5
/** How many of the runs that limits hold go into their lines at a time, when nobody else is there to be claimed. */
const ASIDE = 100

/**
 * Takes ready runs of the pool for the credit of several agents: lock, ask the limits, deal, decide in core, write the attempts with their
 * leases and slots, in one transaction, as a commit for each agent would be most of the cost of a claim. Each agent must confirm a run before
 * it launches it. Runs of paused deployments that are met on the way are parked, those that a limit holds go into its line.
 *
 * A crowd that has just come and that a limit holds must not delay a run that nothing holds. To write 5,000 of them into a line takes a second;
 * so once a limit has proved shut, the next look passes over all that demand it, and they go aside when nobody else is left to be claimed.
 */
export const claimRunsForAgents = async (ctx: EngineContext, { poolId, takers, leaseSeconds }: ClaimForAgentsInput): Promise<Claims> => {
  const runs: Claimed[] = []
  const left = takers.map((taker) => ({ ...taker, credits: Math.max(0, taker.credits) }))
  const once = async (extra: number, past: Shut): Promise<Outcome> => {
    const credits = left.reduce((sum, taker) => sum + taker.credits, 0)
    if (credits === 0) return NOTHING
    const outcome = await claimOnce(ctx, { poolId, takers: left, leaseSeconds, credits, look: credits + extra, past })
    for (const run of outcome.claimed) {
      runs.push(run)
      const taker = left.find((one) => one.agentId === run.agentId)
      if (taker) taker.credits -= 1
    }
    await settle(ctx, outcome)
    return outcome
  }
  /** Its failure takes nothing from what was claimed before it. */
  const more = async (extra: number, past: Shut): Promise<Outcome> => {
    try {
      return await once(extra, past)
    } catch (error) {
      if (runs.length === 0) throw error
      ctx.log.info({ err: error }, 'A claim that went on for more failed')
      return NOTHING
    }
  }
  let last = await once(0, OPEN)
  if (!last.held) return { runs, more: false }
  let past = last.shut
  const before = runs.length
  for (let look = 1; last.held && !past.pool && look <= MAX_LOOKS; look += 1) {
    last = await more(0, past)
    past = joined(past, last.shut)
  }
  if (runs.length > before) return { runs, more: true }
  return { runs, more: (await more(ASIDE, OPEN)).held }
}

/** What a claim sets going beside it. A scheduler does the same later; the runs that were claimed must be handed over whatever comes of it. */
const settle = async (ctx: EngineContext, { replace, lines }: Outcome): Promise<void> => {
  try {
    for (const limitId of replace) await replaceOldest(ctx, { limitId })
    await lookAtLines(ctx, lines)
  } catch (error) {
    ctx.log.info({ err: error }, 'What a claim left to be done is left to a scheduler')
  }
}

/** Whose runs need not be looked at, as a limit that they demand lets nobody in. */
type Shut = { pool: boolean; queues: readonly string[]; deployments: readonly string[]; tags: readonly string[] }
const OPEN: Shut = { pool: false, queues: [], deployments: [], tags: [] }

const joined = (one: Shut, other: Shut): Shut => ({
  pool: one.pool || other.pool,
  queues: [...new Set([...one.queues, ...other.queues])],
  deployments: [...new Set([...one.deployments, ...other.deployments])],
  tags: [...new Set([...one.tags, ...other.tags])],
})

/** A limit is shut for everybody who comes after one that it holds; but who is heavier than a limit says nothing about others. */
const shutBy = (limit: KnownLimit, { hold }: Held, applicant: Applicant): Shut => {
  if (hold === 'too-heavy') return OPEN
  if (limit.kind === 'pool') return { ...OPEN, pool: true }
  if (limit.kind === 'queue') return { ...OPEN, queues: [applicant.queueId] }
  return limit.kind === 'deployment' ? { ...OPEN, deployments: [applicant.deploymentId] } : { ...OPEN, tags: [limit.name] }
}

type Once = ClaimForAgentsInput & { credits: number; look: number; past: Shut }
/** `held`: limits held some, and there were as many ready runs as were looked at, so there may be more behind them. `aside`: how many they
 * held. `lines`: of limits that runs of paused deployments left. */
type Outcome = { claimed: Claimed[]; held: boolean; aside: number; replace: string[]; lines: readonly string[]; shut: Shut }
const NOTHING: Outcome = { claimed: [], held: false, aside: 0, replace: [], lines: [], shut: OPEN }

const claimOnce = async (ctx: EngineContext, { poolId, takers, leaseSeconds, credits, look, past }: Once): Promise<Outcome> =>
  await runTransaction(ctx, async (work) => {
    const { rows, pool, full, lines } = await lockReady(work, { poolId, look, past })
    const outcome: Outcome = { ...NOTHING, claimed: [], replace: [], lines }
    if (rows.length === 0 || !pool) return outcome
    const manifests = await manifestsOf(
      ctx.db,
      work,
      rows.map((row) => row.version_id),
    )
    const book = work.open(rows.map(lockedRunOf))
    const taken = pool.limited
      ? await passLimits({ work, book, rows, manifests, workspaceId: pool.workspace_id, credits, outcome })
      : rows.slice(0, credits)
    outcome.held &&= full
    // Another gateway may have passed over what was locked here, with credit that this one does not have.
    if (rows.length > taken.length + outcome.aside) work.wakeLater(poolId)
    const until = new Date(work.now.getTime() + leaseSeconds * 1000)
    for (const [row, { agentId, agentName }] of dealRuns(taken, takers)) {
      const manifest = manifests.get(row.version_id)
      if (!manifest) throw new Error(`Run ${row.id} has no version`)
      const variables = mergeVariables(pool.variables, manifest.variables ?? {}, row.variables)
      const startSeconds = variables.startTimeoutSeconds ?? DEFAULT_START_TIMEOUT_SECONDS
      const cause = { kind: 'claim' as const, agentName, held: row.held, startSeconds }
      const lease = { agentId, agentName, until }
      const decision = book.propose(row.id, { cause, attempt: null, transitionId: null }, { lease, detail: { agentId } })
      const run = book.get(row.id)
      if (decision.kind !== 'accepted' || !run) throw new Error(`Run ${row.id} is ready but cannot be claimed: ${decision.rule}`)
      outcome.claimed.push({
        spec: runSpecOf({ run, row, manifest, variables }),
        workspaceId: row.workspace_id,
        agentId,
      })
    }
    return outcome
  })

type Pass = {
  work: RunTransaction
  book: RunBook
  rows: readonly ReadyRow[]
  manifests: ReadonlyMap<string, Manifest>
  workspaceId: string
  credits: number
  outcome: Outcome
}

/** The runs that every limit of theirs lets in, with their slots. Those that one holds go into its line, or end where its deployment says so. */
const passLimits = async ({ work, book, rows, manifests, workspaceId, credits, outcome }: Pass): Promise<ReadyRow[]> => {
  const applicants = rows.map(
    (row): Applicant => ({
      runId: row.id,
      attempt: row.attempt + 1,
      taskKey: null,
      poolId: row.pool_id,
      queueId: row.queue_id,
      deploymentId: row.deployment_id,
      tags: row.tags,
      weights: manifests.get(row.version_id)?.weights ?? {},
      tier: row.tier,
      rank: row.rank,
      priority: row.priority,
      waits: row.holds,
    }),
  )
  const verdict = await decideApplicants(work, { workspaceId, applicants, room: credits, kinds: 'all' })
  const byId = new Map(applicants.map((one) => [one.runId, one]))
  const blocked: (Applicant & Held)[] = []
  const granted = new Set<string>()
  for (const grant of verdict.grants) {
    const applicant = byId.get(grant.id)
    if (!applicant || grant.kind === 'left') continue
    if (grant.kind === 'granted') {
      granted.add(grant.id)
      continue
    }
    outcome.held = true
    outcome.aside += 1
    const limit = verdict.limits.get(grant.limitId)
    if (limit) outcome.shut = joined(outcome.shut, shutBy(limit, grant, applicant))
    // A run that comes back is no newcomer: it neither ends for one that began meanwhile, nor ends that one.
    const collides = applicant.attempt === 1 && limit?.kind === 'deployment' && (grant.hold === 'full' || grant.hold === 'in-line')
    if (collides && limit.collision === 'cancel-new') {
      const message = `Refused: ${limit.name} runs already, and its limit refuses a new run beside it (${limit.used} of ${limit.slots}).`
      book.propose(grant.id, { cause: { kind: 'refuse', message }, attempt: null, transitionId: null })
      continue
    }
    if (collides && limit.collision === 'replace-oldest') outcome.replace.push(limit.id)
    blocked.push({ ...applicant, ...grant })
    book.propose(grant.id, { cause: { kind: 'block', message: textOf(verdict, grant) }, attempt: null, transitionId: null })
  }
  const admitted = applicants.filter((one) => granted.has(one.runId))
  if (verdict.limits.size === 0) return rows.filter((row) => granted.has(row.id))
  const written = { workspaceId, now: work.now, ...verdict }
  work.afterwards([...grantedWrites(admitted, written), ...blockedWrites(blocked, written)])
  work.callLater(movedLines(verdict, applicants))
  return rows.filter((row) => granted.has(row.id))
}

/** Enough for any real mix of paused deployments; the next claim goes on where this one ended. */
const MAX_ROUNDS = 5

const lockReady = async (
  work: RunTransaction,
  { poolId, look, past }: { poolId: string; look: number; past: Shut },
): Promise<{ rows: ReadyRow[]; pool: PoolRow | undefined; full: boolean; lines: string[] }> => {
  const rows: ReadyRow[] = []
  const lines: string[] = []
  const lock = (): Query => ({ ...lockReadyRuns, values: [poolId, look, past.queues, past.deployments, past.tags] })
  const [first, pool] = await work.send([lock(), { ...readPoolVariables, values: [poolId] }])
  let batch = (first?.rows ?? []) as ReadyRow[]
  const full = batch.length >= look
  for (let round = 1; ; round += 1) {
    rows.push(...batch.filter((row) => !row.held))
    const held = batch.filter((row) => row.held)
    if (held.length === 0) break
    const [parked] = await work.send([
      { ...parkRuns, values: [[...new Set(held.map((row) => row.queue_id))], [...new Set(held.map((row) => row.deployment_id))]] },
    ])
    const send = async (query: Query) => (await work.send([query]))[0] ?? { rows: [] }
    lines.push(...(await leaveHeld(send, (parked?.rows ?? []) as HeldRun[])))
    if (rows.length >= look || round === MAX_ROUNDS) break
    // What this transaction holds already is ready until it is written, so it comes again.
    const [next] = await work.send([lock()])
    const known = new Set(rows.map((row) => row.id))
    batch = ((next?.rows ?? []) as ReadyRow[]).filter((row) => !known.has(row.id))
    if (batch.length === 0) break
  }
  return { rows, pool: pool?.rows[0] as PoolRow | undefined, full, lines }
}
