import { callNext, isBefore } from '@towline/core/limit/decide-grants'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { EngineContext } from '../context.ts'
import { runTransaction } from '../runs/life/run-transaction.ts'
import { createWorld, type World } from '../runs/test-world.ts'
import { checkLedger } from './check-ledger.ts'
import { type KnownLimit, readLimitFacts } from './limit-facts.ts'
import { tendLines } from './tend-lines.ts'
import { mostSlots, perform, type Step, setsRate, step } from './test-model-ops.ts'

/**
 * The real engine on real PostgreSQL, several clients, any sequence of what people, agents, runs and time may do; many of it at once, and with
 * connections cut in the middle. After every step the books must be right.
 */
/** More of them to look deeper: TOWLINE_MODEL_RUNS=500. */
const RUNS = Number(process.env.TOWLINE_MODEL_RUNS ?? 8)

let world: World
let clients: EngineContext[]
let deadlocks = 0
beforeAll(async () => {
  world = await createWorld()
  world.ctx.log.warn = () => {
    deadlocks += 1
  }
  await world.deploy({ name: 'urgent-job', queue: 'urgent' })
  await world.deploy({ name: 'heavy', tags: ['a'], weights: { a: 2 } })
  await world.query(
    `update deployment_version set manifest = manifest || '{"retries":{"failures":1,"crashes":1,"delaySeconds":0,"factor":1,"jitter":0}}'`,
  )
  clients = [world.ctx, world.another(), world.another()]
})
afterAll(() => world.close())

const limits = async (): Promise<Map<string, KnownLimit>> => {
  const rows = await world.query<{ id: string }>('select id from concurrency_limit')
  const known = await runTransaction(world.ctx, (work) =>
    readLimitFacts(
      work,
      rows.map((row) => row.id),
    ),
  )
  return new Map(known.map((limit) => [limit.id, limit]))
}

type Waiting = { limit_id: string; id: string; tier: number; rank: number }
const waiters = () =>
  world.query<Waiting>('select limit_id, run_id as id, tier, rank from waiter where task_key is null and woken_at is null')

const check = async (before: Map<string, KnownLimit>, lineBefore: Waiting[], one: Step): Promise<void> => {
  const after = await limits()
  for (const limit of after.values()) {
    const was = before.get(limit.id)
    // Not more than the limit, unless it was so before it was lowered, or it was made for those who ran already.
    if (was && limit.slots !== null) {
      const most = Math.max(limit.slots, was.used, was.slots ?? Number.POSITIVE_INFINITY, mostSlots(one, limit.name))
      expect(limit.used, limit.name).toBeLessThanOrEqual(most)
    }
    const startsOf = ({ starts }: KnownLimit): number => starts.reduce((sum, { weight }) => sum + weight, 0)
    if (was?.rate && limit.rate?.count === was.rate.count && !setsRate(one, limit.name))
      expect(startsOf(limit), `starts of ${limit.name}`).toBeLessThanOrEqual(Math.max(limit.rate.count, startsOf(was)))
    // Nobody waits uncalled who fits together with all ahead of it.
    expect(callNext(limit, world.clock.now().getTime()).call, `who waits for ${limit.name} although there is room`).toEqual([])
  }
  // Held slots are those of live holders, no more and no less; every waiting run has one place in line.
  const { problems } = await checkLedger(world.ctx, { workspaceId: world.workspaceId })
  expect(problems.filter((problem) => problem.kind !== 'idle' && !(problem.kind === 'over' && problem.text.endsWith('in use')))).toEqual([])
  if (one.kind === 'one' && one.op.kind === 'claim') {
    // First come, first served: nobody who was let in stood behind somebody who still stands in the same line.
    const held = new Set((await world.query<{ k: string }>(`select limit_id || run_id::text as k from slot`)).map((row) => row.k))
    const left = await waiters()
    for (const served of lineBefore.filter((waiter) => held.has(`${waiter.limit_id}${waiter.id}`)))
      for (const behind of left.filter(
        (waiter) => waiter.limit_id === served.limit_id && lineBefore.some((other) => other.id === waiter.id),
      ))
        expect(isBefore(served, behind)).toBe(true)
  }
  expect(deadlocks).toBe(0)
}

const cutConnections = (): Promise<void> =>
  world.admin(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'other%' and state <> 'idle'`,
  )

const take = async (one: Step): Promise<void> => {
  if (one.kind === 'one') return await perform(world, clients[one.client] ?? world.ctx, one.op)
  const cut = one.cut ? [cutConnections()] : []
  await Promise.all([...one.ops.map((op, index) => perform(world, clients[index % clients.length] ?? world.ctx, op)), ...cut])
  // A scheduler whose connection was cut looks again a second later.
  if (one.cut && one.ops.some((op) => op.kind === 'time')) await tendLines(world.ctx)
}

it('over any sequence of steps no limit is exceeded, no slot leaks, nobody waits for nothing', { timeout: RUNS * 10_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40, size: 'max' }), async (steps) => {
      await world.query('delete from run')
      await world.query('delete from concurrency_limit')
      await world.query('update deployment set paused_at = null')
      deadlocks = 0
      for (const one of steps) {
        const before = await limits()
        const lineBefore = await waiters()
        await take(one)
        await check(before, lineBefore, one).catch((error: unknown) => {
          throw new Error(`after ${JSON.stringify(one)}`, { cause: error })
        })
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
})
