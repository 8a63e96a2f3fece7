import type { LimitInput } from '@towline/contract/limit-views'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cancelRun } from '../runs/cancel-run.ts'
import { claimRunsForAgents } from '../runs/claim-runs.ts'
import { expireLeases } from '../runs/expire-leases.ts'
import { promoteDueRuns } from '../runs/promote-due-runs.ts'
import { retryRun } from '../runs/retry-run.ts'
import { createWorld, exited, killed, LEASE, STARTED, type World } from '../runs/test-world.ts'
import { deleteLimit } from './delete-limit.ts'
import { getLimit } from './get-limit.ts'
import { setLimit } from './set-limit.ts'
import { tendLines } from './tend-lines.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await world.deploy({ name: 'urgent-job', queue: 'urgent' })
  await world.deploy({ name: 'heavy', tags: ['db'], weights: { db: 2 } })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.query('delete from run')
  await world.query('delete from concurrency_limit')
})

const ids = (specs: { runId: string }[]): string[] => specs.map((spec) => spec.runId)
const DB = { kind: 'tag', tag: 'db' } as const
const set = (limit: LimitInput['limit'], bounds: Omit<LimitInput, 'limit'>) =>
  setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', limit, ...bounds })
const get = (limit: LimitInput['limit'] = DB) => getLimit(world.ctx, { workspaceId: world.workspaceId, limit })
const db = (count: number, more = {}) => world.create(...Array.from({ length: count }, () => ({ tags: ['db'], ...more })))
const start = async (runId: string, attempt = 1): Promise<void> => {
  await world.confirm(runId, attempt)
  await world.report(runId, attempt, STARTED)
}
const end = (runId: string, attempt = 1) => world.report(runId, attempt, exited(0))
const slots = () => world.query<{ run_id: string; weight: number }>('select run_id, weight from slot order by granted_at, run_id')
const cancel = (runId: string) => cancelRun(world.ctx, { workspaceId: world.workspaceId, runId, actor: 'ann' })

describe('a limit', () => {
  it('is never exceeded by any number of clients that claim at the same time, and everybody runs in the end', async () => {
    await set(DB, { slots: 3 })
    await db(24)
    const clients = [world.ctx, world.another(), world.another()]
    let ended = 0
    let most = 0
    const work = async (ctx: typeof world.ctx): Promise<void> => {
      while (ended < 24) {
        for (const { runId } of await world.claim(5, world.agentId, ctx)) {
          const [used] = await world.query<{ used: number }>('select sum(weight)::int as used from slot')
          most = Math.max(most, used?.used ?? 0)
          expect(await end(runId)).toBe('accepted')
          ended += 1
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await Promise.all(clients.flatMap((ctx) => [work(ctx), work(ctx)]))
    expect(most).toBeLessThanOrEqual(3)
    expect(await slots()).toEqual([])
    expect(await world.query('select from waiter')).toEqual([])
  })

  it('holds back by its name, in its line, with who holds the slots', async () => {
    await set(DB, { slots: 1 })
    const [first = '', second = ''] = await db(2)
    expect(ids(await world.claim())).toEqual([first])
    expect(await world.run(second)).toMatchObject({
      state_name: 'AwaitingSlot',
      ready: false,
      state_message: 'The one slot of the tag db is taken.',
    })
    expect(await get()).toMatchObject({
      used: 1,
      waiting: 1,
      holders: [{ run: { id: first }, attempt: 1, weight: 1 }],
      waiters: [{ run: { id: second }, place: 1, hold: 'full', called: false }],
    })
    expect(await promoteDueRuns(world.ctx)).toMatchObject({ promoted: 0, nextDueAt: null })
  })

  it('hands a freed slot to the next in the transaction that ends its holder, and wakes its pool', async () => {
    await set(DB, { slots: 1 })
    const [first = '', second = '', third = ''] = await db(3)
    await world.claim()
    world.published.length = 0
    await end(first)
    expect(await world.run(second)).toMatchObject({ ready: true })
    expect(await world.run(third)).toMatchObject({ ready: false })
    expect(world.published).toContainEqual({ topic: 'pool', ids: [world.poolId] })
    expect(ids(await world.claim())).toEqual([second])
  })

  it('grants all that a run needs or nothing of it', async () => {
    await set(DB, { slots: 5 })
    await set({ kind: 'deployment', deployment: 'nightly' }, { slots: 1 })
    const [first = '', second = ''] = await db(2)
    expect(ids(await world.claim())).toEqual([first])
    expect(await slots()).toHaveLength(2)
    await end(first)
    expect(await slots()).toEqual([])
    expect(ids(await world.claim())).toEqual([second])
  })

  it('counts weights, and a light newcomer does not starve a heavy run', async () => {
    await set(DB, { slots: 2 })
    const [light = ''] = await db(1)
    await world.claim()
    const [heavy = ''] = await world.create({ deployment: 'heavy' })
    const [late = ''] = await db(1)
    expect(await world.claim()).toEqual([])
    expect((await get()).waiters.map((one) => [one.run.id, one.hold])).toEqual([
      [heavy, 'full'],
      [late, 'in-line'],
    ])
    await end(light)
    expect(ids(await world.claim())).toEqual([heavy])
    expect((await get()).used).toBe(2)
    await end(heavy)
    expect(ids(await world.claim())).toEqual([late])
  })

  it('of 500 runs in line stands in nobody’s way', async () => {
    await set(DB, { slots: 1 })
    await db(500)
    const [free = ''] = await world.create({})
    expect(await world.claim(3)).toHaveLength(2)
    expect(await world.run(free)).toMatchObject({ state_name: 'Claimed' })
    expect((await get()).waiting).toBe(499)
  })

  it('does not delay who needs nothing of it by the writing of its line: of a crowd that has just come a few stand in line by then', async () => {
    await set(DB, { slots: 0 })
    await set({ kind: 'deployment', deployment: 'heavy' }, { slots: 0 })
    await db(500)
    await world.create(...Array.from({ length: 500 }, () => ({ deployment: 'heavy' })))
    const [free = ''] = await world.create({})
    const takers = [{ agentId: world.agentId, agentName: 'a1', credits: 2 }]
    const { runs, more } = await claimRunsForAgents(world.ctx, { poolId: world.poolId, takers, leaseSeconds: LEASE })
    expect(runs.map(({ spec }) => spec.runId)).toEqual([free])
    expect(more).toBe(true)
    const [line] = await world.query<{ waiting: number }>('select count(*)::int as waiting from waiter')
    expect(line?.waiting).toBeLessThan(20)
    expect(await world.claim(2)).toEqual([])
    const [all] = await world.query<{ waiting: number }>('select count(*)::int as waiting from waiter')
    expect(all?.waiting).toBe(1000)
  })

  it('serves by priority, where a minute of waiting is worth a point', async () => {
    await set(DB, { slots: 1 })
    const [holder = ''] = await db(1)
    await world.claim()
    const [old = ''] = await db(1, { priority: 0 })
    await world.claim()
    world.clock.advance({ seconds: 30 })
    const [urgent = ''] = await db(1, { priority: 1 })
    world.clock.advance({ seconds: 100 })
    const [urgentLate = ''] = await db(1, { priority: 2 })
    await world.claim()
    expect((await get()).waiters.map((one) => one.run.id)).toEqual([urgent, old, urgentLate])
    await end(holder)
    expect(ids(await world.claim())).toEqual([urgent])
  })

  it('honours the strict order of the queues in its line', async () => {
    await set({ kind: 'pool', pool: 'local' }, { slots: 1 })
    const [holder = ''] = await world.create({})
    await world.claim()
    const [old = ''] = await world.create({})
    await world.claim()
    world.clock.advance({ seconds: 600 })
    const [urgent = ''] = await world.create({ deployment: 'urgent-job' })
    expect(await world.claim()).toEqual([])
    await end(holder)
    expect(ids(await world.claim())).toEqual([urgent])
    await end(urgent)
    expect(ids(await world.claim())).toEqual([old])
  })

  it('of a queue bounds that queue alone', async () => {
    await set({ kind: 'queue', pool: 'local', queue: 'urgent' }, { slots: 1 })
    await world.create({ deployment: 'urgent-job' }, { deployment: 'urgent-job' }, {}, {})
    expect(await world.claim()).toHaveLength(3)
  })
})

describe('a slot is freed with its holder', () => {
  const held = async (): Promise<{ holder: string; next: string }> => {
    await set(DB, { slots: 1 })
    const [holder = '', next = ''] = await db(2)
    await world.claim()
    await start(holder)
    return { holder, next }
  }

  it('by a crash that is retried: the retry stands in line again', async () => {
    const { holder, next } = await held()
    await world.report(holder, 1, killed('SIGKILL'))
    expect(await world.run(holder)).toMatchObject({ state_name: 'AwaitingRetry' })
    expect(await slots()).toEqual([])
    expect(ids(await world.claim())).toEqual([next])
    world.clock.advance({ seconds: 11 })
    await promoteDueRuns(world.ctx)
    expect(await world.claim()).toEqual([])
    await end(next)
    expect(await world.claim()).toMatchObject([{ runId: holder, attempt: 2 }])
  })

  it('by the end of its lease', async () => {
    const { next } = await held()
    world.clock.advance({ seconds: LEASE + 1 })
    await expireLeases(world.ctx)
    expect(await slots()).toEqual([])
    expect(await world.run(next)).toMatchObject({ ready: true })
  })

  it('by a cancel, when the agent has stopped it and no earlier', async () => {
    const { holder, next } = await held()
    await cancel(holder)
    expect(await slots()).toHaveLength(1)
    await world.report(holder, 1, exited(143, 'cancel'))
    expect(await slots()).toEqual([])
    expect(ids(await world.claim())).toEqual([next])
  })

  it('and a waiter that is cancelled leaves the line; an offer that it had goes to the next', async () => {
    const { holder, next } = await held()
    const [last = ''] = await db(1)
    await world.claim()
    await end(holder)
    expect(await world.run(next)).toMatchObject({ ready: true })
    await cancel(next)
    expect(await world.run(last)).toMatchObject({ ready: true })
    expect(await world.query('select from waiter')).toHaveLength(1)
    await cancel(last)
    expect(await world.query('select from waiter')).toEqual([])
  })

  it('and a run that ended and is retried by hand asks anew', async () => {
    const { holder, next } = await held()
    await end(holder)
    await world.claim()
    await retryRun(world.ctx, { workspaceId: world.workspaceId, runId: holder, actor: 'ann' })
    expect(await world.claim()).toEqual([])
    await end(next)
    expect(ids(await world.claim())).toEqual([holder])
  })
})

describe('changing a limit', () => {
  it('lowered below its use takes nothing from anybody and lets nobody in; raised it calls whom it can', async () => {
    await set(DB, { slots: 3 })
    const made = await db(6)
    expect(await world.claim()).toHaveLength(3)
    expect(await set(DB, { slots: 1 })).toMatchObject({ slots: 1, used: 3, waiting: 3 })
    await end(made[0] ?? '')
    await end(made[1] ?? '')
    expect(await world.claim()).toEqual([])
    await set(DB, { slots: 3 })
    expect(ids(await world.claim())).toEqual([made[3], made[4]])
  })

  it('0 pauses, and says so', async () => {
    await set(DB, { slots: 0 })
    const [id = ''] = await db(1)
    expect(await world.claim()).toEqual([])
    expect((await world.run(id)).state_message).toContain('The limit of the tag db is 0')
    await set(DB, { slots: 1 })
    expect(ids(await world.claim())).toEqual([id])
  })

  it('deleted it frees its line', async () => {
    await set(DB, { slots: 1 })
    const made = await db(4)
    await world.claim()
    await deleteLimit(world.ctx, { workspaceId: world.workspaceId, limit: DB })
    expect(ids(await world.claim())).toEqual(made.slice(1))
    expect(await slots()).toEqual([])
    await expect(get()).rejects.toMatchObject({ code: 'not_found' })
  })

  it('a new limit counts those who run already', async () => {
    const made = await db(3)
    await world.claim(2)
    expect(await set(DB, { slots: 2 })).toMatchObject({ used: 2, holding: 2 })
    expect(await world.claim()).toEqual([])
    await end(made[0] ?? '')
    expect(ids(await world.claim())).toEqual([made[2]])
  })

  it('a rate lets in so many per window, and time opens it', async () => {
    await set(DB, { slots: null, rate: { count: 2, windowSeconds: 60 } })
    const made = await db(3)
    expect(ids(await world.claim())).toEqual(made.slice(0, 2))
    const waiting = (await get()).waiters[0]
    expect(waiting).toMatchObject({ hold: 'rate', until: new Date(world.clock.now().getTime() + 60_000) })
    for (const id of made.slice(0, 2)) await end(id)
    expect(await tendLines(world.ctx)).toEqual({ tended: 0, nextAt: waiting?.until, after: null })
    expect(await world.claim()).toEqual([])
    world.clock.advance({ seconds: 60 })
    await tendLines(world.ctx)
    expect(ids(await world.claim())).toEqual([made[2]])
  })

  it('an offer that nobody takes for 5 seconds goes to others, and is still good afterwards', async () => {
    await set(DB, { slots: 1 })
    const other = await world.addTenant('unused')
    expect(other.poolId).not.toBe(world.poolId)
    const [holder = '', first = ''] = await db(2)
    await world.claim()
    await end(holder)
    expect(await world.run(first)).toMatchObject({ ready: true })
    await world.query('update queue set paused_at = now() where id = $1', [world.queueId])
    const [urgent = ''] = await world.create({ deployment: 'urgent-job', tags: ['db'], priority: -100 })
    world.clock.advance({ seconds: 6 })
    expect(ids(await world.claim())).toEqual([urgent])
    await world.query('update queue set paused_at = null where id = $1', [world.queueId])
    expect(await world.claim()).toEqual([])
    await end(urgent)
    expect(ids(await world.claim())).toEqual([first])
  })
})

describe('collisions of a deployment', () => {
  const NIGHTLY = { kind: 'deployment', deployment: 'nightly' } as const

  it('cancel-new refuses the newcomer and names the deployment', async () => {
    await set(NIGHTLY, { slots: 1, collision: 'cancel-new' })
    const [first = '', second = ''] = await world.create({}, {})
    expect(ids(await world.claim())).toEqual([first])
    expect(await world.run(second)).toMatchObject({
      state_name: 'Cancelled',
      state_message: expect.stringContaining('nightly runs already'),
    })
  })

  it('replace-oldest stops the holder, and the newcomer starts when it has stopped', async () => {
    await set(NIGHTLY, { slots: 1, collision: 'replace-oldest' })
    const [first = ''] = await world.create({})
    await world.claim()
    await start(first)
    const [second = ''] = await world.create({})
    expect(await world.claim()).toEqual([])
    expect(await world.run(first)).toMatchObject({ state_name: 'Cancelling', state_message: 'Cancelled by a newer run of nightly' })
    await world.report(first, 1, exited(143, 'cancel'))
    expect(ids(await world.claim())).toEqual([second])
  })

  it.each(['cancel-new', 'replace-oldest'] as const)(
    '%s is for new runs: one that comes back waits until the other has ended',
    async (collision) => {
      await set(NIGHTLY, { slots: 1, collision })
      const [first = ''] = await world.create({})
      await world.claim()
      await start(first)
      await world.report(first, 1, exited(1))
      const [second = ''] = await world.create({})
      expect(ids(await world.claim())).toEqual([second])
      await start(second)
      world.clock.advance({ seconds: 11 })
      await promoteDueRuns(world.ctx)
      expect(await world.claim()).toEqual([])
      await tendLines(world.ctx)
      expect([(await world.run(first)).state_name, (await world.run(second)).state_name]).toEqual(['AwaitingSlot', 'Running'])
      await end(second)
      expect(ids(await world.claim())).toEqual([first])
    },
  )
})
