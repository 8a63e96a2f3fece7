import type { JsonObject } from '@towline/contract/json'
import type { JobVariables, RunSpec } from '@towline/contract/run-spec'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { dealRuns, type Taker } from './deal-runs.ts'
import { lockedRunOf, type RunRow } from './life/locked-run.ts'
import type { Query } from './life/query.ts'
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
  parameters: JsonObject
  variables: JobVariables
  tags: string[]
  timeout_seconds: number | null
  held: boolean
}

/** For one agent: up to `credits` ready runs of its pool. */
export const claimRuns = async (ctx: EngineContext, { poolId, leaseSeconds, ...taker }: ClaimInput): Promise<ClaimedRun[]> =>
  await claimRunsForAgents(ctx, { poolId, takers: [taker], leaseSeconds })

/**
 * Takes ready runs of the pool for the credit of several agents: lock, deal, decide in core, write the attempts with their leases, in one
 * transaction, as a commit for each agent would be most of the cost of a claim. Each agent must confirm a run before it launches
 * it. Runs of paused deployments that are met on the way are parked.
 */
export const claimRunsForAgents = async (
  ctx: EngineContext,
  { poolId, takers, leaseSeconds }: ClaimForAgentsInput,
): Promise<(ClaimedRun & { agentId: string })[]> => {
  const credits = takers.reduce((sum, taker) => sum + Math.max(0, taker.credits), 0)
  if (credits === 0) return []
  return await runTransaction(ctx, async (work) => {
    const { rows, poolVariables } = await lockReady(work, poolId, credits)
    if (rows.length === 0) return []
    const manifests = await manifestsOf(
      ctx.db,
      work,
      rows.map((row) => row.version_id),
    )
    const book = work.open(rows.map(lockedRunOf))
    const until = new Date(work.now.getTime() + leaseSeconds * 1000)
    const claimed: (ClaimedRun & { agentId: string })[] = []
    for (const [row, { agentId, agentName }] of dealRuns(rows, takers)) {
      const manifest = manifests.get(row.version_id)
      const cause = { kind: 'claim' as const, agentName, held: row.held }
      const lease = { agentId, agentName, until }
      const decision = book.propose(row.id, { cause, attempt: null, transitionId: null }, { lease, detail: { agentId } })
      const run = book.get(row.id)
      if (decision.kind !== 'accepted' || !run || !manifest)
        throw new Error(`Run ${row.id} is ready but cannot be claimed: ${decision.rule}`)
      claimed.push({ spec: runSpecOf({ run, row, manifest, poolVariables }), workspaceId: row.workspace_id, agentId })
    }
    return claimed
  })
}

/** Enough for any real mix of paused deployments; the next claim goes on where this one ended. */
const MAX_ROUNDS = 5

const lockReady = async (
  work: RunTransaction,
  poolId: string,
  credits: number,
): Promise<{ rows: ReadyRow[]; poolVariables: JobVariables }> => {
  const rows: ReadyRow[] = []
  const lock = (): Query => ({ ...lockReadyRuns, values: [poolId, credits] })
  const [first, pool] = await work.send([lock(), { ...readPoolVariables, values: [poolId] }])
  const poolVariables = ((pool?.rows[0] as { variables: JobVariables } | undefined)?.variables ?? {}) as JobVariables
  let batch = (first?.rows ?? []) as ReadyRow[]
  for (let round = 1; ; round += 1) {
    rows.push(...batch.filter((row) => !row.held))
    const held = batch.filter((row) => row.held)
    if (held.length === 0) break
    await work.send([
      { ...parkRuns, values: [[...new Set(held.map((row) => row.queue_id))], [...new Set(held.map((row) => row.deployment_id))]] },
    ])
    if (rows.length >= credits || round === MAX_ROUNDS) break
    // What this transaction holds already is ready until it is written, so it comes again.
    const [next] = await work.send([lock()])
    const known = new Set(rows.map((row) => row.id))
    batch = ((next?.rows ?? []) as ReadyRow[]).filter((row) => !known.has(row.id))
    if (batch.length === 0) break
  }
  return { rows, poolVariables }
}
