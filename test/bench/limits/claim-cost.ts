import type { EngineContext } from '@towline/engine/context'
import { setLimit } from '@towline/engine/limits/set-limit'
import { claimRuns } from '@towline/engine/runs/claim-runs'
import { createRuns } from '@towline/engine/runs/create-runs'
import { newId } from '@towline/service/new-id'
import type { ControlPlane } from '../control-plane.ts'
import { cpuSeconds } from '../cpu-time.ts'
import { type Percentiles, percentiles } from '../stats.ts'
import { type Plan, plansOf } from './plans.ts'
import { type Crowd, clearRuns, seed, settle } from './seed.ts'

export const CLAIMED = 50

export type ClaimCost = {
  crowd: Partial<Record<Crowd, number>>
  ms: Percentiles
  /** Of PostgreSQL, for one claim of 50. */
  cpuMicros: number
  /** Pages that the statements of one claim read, by statement. */
  plans: Plan[]
}

const POOL = 'crowd'

/** The pool in which all of it happens, with limits that each claimed run demands and that have room, and the one that holds the crowd. */
export const prepareCrowd = async (plane: ControlPlane): Promise<void> => {
  const { engine, workspaceId } = plane
  await plane.addPool(POOL, ['true'])
  const limits = [
    { limit: { kind: 'pool' as const, pool: POOL }, slots: 1_000_000 },
    { limit: { kind: 'deployment' as const, deployment: POOL }, slots: 1_000_000 },
    { limit: { kind: 'tag' as const, tag: 'claimed' }, slots: 1_000_000 },
    { limit: { kind: 'tag' as const, tag: 'crowd' }, slots: 0 },
  ]
  for (const limit of limits) await setLimit(engine, { workspaceId, ...limit, actor: 'bench' })
}

/** What one claim of 50 runs costs beside a crowd of runs that are none of its business. */
export const measureClaimCost = async (plane: ControlPlane, crowd: ClaimCost['crowd'], samples: number): Promise<ClaimCost> => {
  await clearRuns(plane)
  for (const [kind, count] of Object.entries(crowd) as [Crowd, number][]) await seed(plane, kind, count)
  const warmUp = 8
  await addReady(plane, (samples + warmUp) * CLAIMED)
  await settle(plane)
  const poolId = await poolIdOf(plane)
  for (let claim = 0; claim < warmUp; claim += 1) await claimFifty(plane.engine, poolId)
  const ms: number[] = []
  const before = cpuSeconds({ pid: plane.postgresPid, children: true })
  for (let claim = 0; claim < samples; claim += 1) {
    const start = performance.now()
    await claimFifty(plane.engine, poolId)
    ms.push(performance.now() - start)
  }
  const cpuMicros = ((cpuSeconds({ pid: plane.postgresPid, children: true }) - before) * 1e6) / samples
  // A statement's plan becomes a general one with its sixth use.
  await addReady(plane, 8 * CLAIMED)
  const plans = await plansOf(plane, {
    prepare: async (engine) => {
      for (let claim = 0; claim < 7; claim += 1) await claimFifty(engine, poolId)
    },
    work: (engine) => claimFifty(engine, poolId),
  })
  return { crowd, ms: percentiles(ms), cpuMicros, plans }
}

const poolIdOf = async ({ engine, workspaceId }: ControlPlane): Promise<string> => {
  const { rows } = await engine.db.enginePool.query<{ id: string }>('select id from work_pool where workspace_id = $1 and name = $2', [
    workspaceId,
    POOL,
  ])
  return rows[0]?.id ?? ''
}

const addReady = async ({ engine, workspaceId }: ControlPlane, count: number): Promise<void> => {
  for (let made = 0; made < count; made += 1000) {
    const runs = Array.from({ length: Math.min(1000, count - made) }, () => ({ deployment: POOL, tags: ['claimed'] }))
    await createRuns(engine, { workspaceId, actor: 'bench', runs })
  }
}

const claimFifty = async (engine: EngineContext, poolId: string): Promise<void> => {
  const claimed = await claimRuns(engine, { poolId, agentId: newId(), agentName: 'bench', credits: CLAIMED, leaseSeconds: 600 })
  if (claimed.length !== CLAIMED) throw new Error(`${claimed.length} runs were claimed instead of ${CLAIMED}`)
}
