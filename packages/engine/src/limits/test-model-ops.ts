import { AppError } from '@towline/contract/app-error'
import { isTransientDbError } from '@towline/db/transient-error'
import fc from 'fast-check'
import type { EngineContext } from '../context.ts'
import { updateDeployment } from '../deployments/update-deployment.ts'
import { updateQueue } from '../queues/update-queue.ts'
import { cancelRun } from '../runs/cancel-run.ts'
import { claimRuns } from '../runs/claim-runs.ts'
import { expireLeases } from '../runs/expire-leases.ts'
import { runTransaction } from '../runs/life/run-transaction.ts'
import { promoteDueRuns } from '../runs/promote-due-runs.ts'
import { retryRun } from '../runs/retry-run.ts'
import { exited, killed, LEASE, STARTED, type World } from '../runs/test-world.ts'
import { deleteLimit } from './delete-limit.ts'
import { releaseSlot } from './release-slot.ts'
import { requestTaskSlots } from './request-task-slots.ts'
import { setLimit } from './set-limit.ts'
import { tendLines } from './tend-lines.ts'

/** For the model-based test: what people, agents, runs and time may do, as data. `pick` chooses among what there is at that moment. */
export type Op =
  | { kind: 'create'; count: number; deployment: string; tags: string[]; priority: number }
  | { kind: 'claim'; credits: number }
  | { kind: 'end'; pick: number; how: 'ok' | 'failed' | 'killed' }
  | { kind: 'cancel'; pick: number }
  | { kind: 'retry'; pick: number }
  | { kind: 'set'; limit: number; slots: number }
  | { kind: 'rate'; limit: number; count: number | null }
  | { kind: 'delete'; limit: number }
  | { kind: 'ask'; pick: number; key: string; tag: string; weight: number }
  | { kind: 'free'; pick: number; keys: string[] }
  | { kind: 'release'; pick: number }
  | { kind: 'priority'; priority: number }
  | { kind: 'pause'; paused: boolean }
  | { kind: 'time'; seconds: number }
export type Step = { kind: 'one'; op: Op; client: number } | { kind: 'burst'; ops: Op[]; cut: boolean }

const opsOn = (one: Step, name: string): Op[] =>
  (one.kind === 'one' ? [one.op] : one.ops).filter((op) => 'limit' in op && NAMES[op.limit] === name)

/** The highest that this step sets the limit of that name to, on the way. */
export const mostSlots = (one: Step, name: string): number =>
  Math.max(0, ...opsOn(one, name).map((op) => (op.kind === 'set' ? op.slots : 0)))

export const setsRate = (one: Step, name: string): boolean => opsOn(one, name).some((op) => op.kind === 'rate')

const LIMITS = [
  { kind: 'tag', tag: 'a' },
  { kind: 'tag', tag: 'b' },
  { kind: 'pool', pool: 'local' },
  { kind: 'deployment', deployment: 'nightly' },
] as const

const NAMES = ['a', 'b', 'local', 'nightly']

const pick = fc.nat(1000)
const tag = fc.constantFrom('a', 'b')
/** Task runs, and some inside others: they, and the run with its tags, lend each other what they hold. */
const KEYS = ['t1', 't2', 't1/in', 't1/too', 't1/in/deep']
const key = fc.constantFrom(...KEYS)
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      count: fc.integer({ min: 1, max: 6 }),
      deployment: fc.constantFrom('nightly', 'urgent-job', 'heavy'),
      tags: fc.subarray(['a', 'b']),
      priority: fc.integer({ min: -2, max: 2 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('claim' as const), credits: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('end' as const), pick, how: fc.constantFrom('ok', 'failed', 'killed') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retry' as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('set' as const), limit: fc.nat(LIMITS.length - 1), slots: fc.integer({ min: 0, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rate' as const),
      limit: fc.nat(LIMITS.length - 1),
      count: fc.option(fc.integer({ min: 1, max: 4 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), limit: fc.nat(LIMITS.length - 1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('ask' as const), pick, key, tag, weight: fc.integer({ min: 1, max: 2 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('free' as const), pick, keys: fc.subarray(KEYS, { minLength: 1, maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('priority' as const), priority: fc.constantFrom(1, 900) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), paused: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('time' as const), seconds: fc.constantFrom(1, 6, 30, LEASE + 1) }) },
) as fc.Arbitrary<Op>

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('one' as const), op, client: fc.nat(2) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('burst' as const), ops: fc.array(op, { minLength: 2, maxLength: 6 }), cut: fc.boolean() }),
  },
)

const chosen = <T>(rows: readonly T[], index: number): T | undefined => rows[rows.length === 0 ? 0 : index % rows.length]

type Live = { id: string; attempt: number; state_type: string }

/** Does it with one client. What is refused, or cut off, is no failure: the invariants say whether it was done right. */
export const perform = async (world: World, ctx: EngineContext, one: Op): Promise<void> => {
  try {
    await act(world, ctx, one)
  } catch (error) {
    if (!(error instanceof AppError) && !isTransientDbError(error)) throw error
  }
}

const act = async (world: World, ctx: EngineContext, one: Op): Promise<void> => {
  const { workspaceId, query } = world
  const live = () => query<Live>('select id, attempt, state_type from run where lease_expires_at is not null order by id')
  switch (one.kind) {
    case 'create':
      await world.create(
        ...Array.from({ length: one.count }, () => ({ deployment: one.deployment, tags: one.tags, priority: one.priority })),
      )
      return
    case 'claim':
      await claimRuns(ctx, { poolId: world.poolId, agentId: world.agentId, agentName: 'a1', credits: one.credits, leaseSeconds: LEASE })
      return
    case 'end': {
      const run = chosen(await live(), one.pick)
      if (!run) return
      await world.report(run.id, run.attempt, STARTED)
      await world.report(run.id, run.attempt, one.how === 'killed' ? killed('SIGKILL') : exited(one.how === 'ok' ? 0 : 1))
      return
    }
    case 'cancel': {
      const rows = await query<Live>(`select id, attempt, state_type from run where ended_at is null order by id`)
      const run = chosen(rows, one.pick)
      if (run) await cancelRun(ctx, { workspaceId, runId: run.id, actor: 'ann' })
      return
    }
    case 'retry': {
      const run = chosen(await query<Live>(`select id, attempt, state_type from run where ended_at is not null order by id`), one.pick)
      if (run) await retryRun(ctx, { workspaceId, runId: run.id, actor: 'ann' })
      return
    }
    case 'set':
      await setLimit(ctx, { workspaceId, actor: 'ann', limit: LIMITS[one.limit] ?? LIMITS[0], slots: one.slots })
      return
    case 'rate':
      await setLimit(ctx, {
        workspaceId,
        actor: 'ann',
        limit: LIMITS[one.limit] ?? LIMITS[0],
        rate: one.count === null ? null : { count: one.count, windowSeconds: 20 },
      })
      return
    case 'delete':
      await deleteLimit(ctx, { workspaceId, limit: LIMITS[one.limit] ?? LIMITS[0] })
      return
    case 'ask': {
      const run = chosen(await live(), one.pick)
      const within = one.key.split('/').flatMap((_part, depth, parts) => (depth === 0 ? [] : [parts.slice(0, depth).join('/')]))
      const request = { key: one.key, slots: { [one.tag]: one.weight }, priority: 0, within }
      if (run) await requestTaskSlots(ctx, { workspaceId, runId: run.id, attempt: run.attempt, request })
      return
    }
    case 'free': {
      const run = chosen(await live(), one.pick)
      if (!run) return
      await runTransaction(ctx, async (work) => {
        const book = await work.lock([run.id])
        for (const key of one.keys) book.endTask(run.id, run.attempt, key)
      })
      return
    }
    case 'release': {
      const slot = chosen(await query<{ id: string; limit_id: string }>('select id, limit_id from slot order by id'), one.pick)
      if (slot) await releaseSlot(ctx, { workspaceId, limit: { id: slot.limit_id }, slotId: slot.id, reason: 'hangs', actor: 'ann' })
      return
    }
    case 'priority':
      await updateQueue(ctx, { workspaceId, pool: 'local', name: 'urgent', priority: one.priority })
      return
    case 'pause':
      await updateDeployment(ctx, { workspaceId, name: 'nightly', paused: one.paused })
      return
    case 'time':
      world.clock.advance({ seconds: one.seconds })
      await expireLeases(ctx)
      await promoteDueRuns(ctx)
      await tendLines(ctx)
  }
}
