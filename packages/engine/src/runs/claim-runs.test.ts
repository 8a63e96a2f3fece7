import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { claimRuns } from './claim-runs.ts'
import { createRuns } from './create-runs.ts'
import { promoteDueRuns } from './promote-due-runs.ts'
import { createWorld, exited, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await world.deploy({ name: 'urgent-job', queue: 'urgent' })
  await world.deploy({ name: 'other-job' })
})
afterAll(() => world.close())
beforeEach(() => world.query('delete from run'))

const ids = (specs: { runId: string }[]): string[] => specs.map((spec) => spec.runId)

describe('claimRuns', () => {
  it('two clients that claim at the same time never get the same run, and miss none', async () => {
    const made = await world.create(...Array.from({ length: 200 }, () => ({})))
    const others = [world.ctx, world.another(), world.another()]
    const taken: string[] = []
    const drain = async (ctx: typeof world.ctx): Promise<void> => {
      const agentId = newId()
      for (;;) {
        const specs = await world.claim(7, agentId, ctx)
        taken.push(...ids(specs))
        if (specs.length === 0) return
      }
    }
    await Promise.all(others.flatMap((ctx) => [drain(ctx), drain(ctx)]))
    expect(taken.sort()).toEqual(made.sort())
    const [counts] = await world.query<{ attempts: number }>('select count(*)::int as attempts from attempt')
    expect(counts?.attempts).toBe(200)
  })

  it('passes over rows that another transaction holds instead of waiting for it', async () => {
    const [first = '', second = ''] = await world.create({}, {})
    const client = await world.db.enginePool.connect()
    try {
      await client.query('begin')
      await client.query('select 1 from run where id = $1 for update', [first])
      expect(ids(await world.claim())).toEqual([second])
      await client.query('rollback')
    } finally {
      client.release()
    }
    expect(ids(await world.claim())).toEqual([first])
  })

  it('serves queues in strict order, then the most urgent, then the longest due', async () => {
    const [low = '', high = '', later = ''] = await world.create({ priority: 0 }, { priority: 5 }, { priority: 0 })
    const [urgent = ''] = await world.create({ deployment: 'urgent-job', priority: -5 })
    expect(ids(await world.claim(1))).toEqual([urgent])
    expect(ids(await world.claim(2))).toEqual([high, low])
    expect(ids(await world.claim(2))).toEqual([later])
  })

  it('never gives more than the credit, and nothing without any', async () => {
    await world.create({}, {}, {})
    expect(await world.claim(0)).toEqual([])
    expect((await world.claim(2)).length).toBe(2)
    expect((await world.claim(2)).length).toBe(1)
  })

  it('takes nothing from a paused pool or queue', async () => {
    const [id = ''] = await world.create()
    await world.query('update work_pool set paused_at = now() where id = $1', [world.poolId])
    expect(await world.claim()).toEqual([])
    await world.query('update work_pool set paused_at = null where id = $1', [world.poolId])
    await world.query('update queue set paused_at = now() where id = $1', [world.queueId])
    expect(await world.claim()).toEqual([])
    await world.query('update queue set paused_at = null where id = $1', [world.queueId])
    expect(ids(await world.claim())).toEqual([id])
  })

  it('parks the runs of a paused deployment, claims what stands behind them, and gets them back when it goes on', async () => {
    const held = await world.create(...Array.from({ length: 20 }, () => ({ priority: 9 })))
    const [behind = ''] = await world.create({ deployment: 'other-job' })
    await world.query(`update deployment set paused_at = now() where name = 'nightly'`)
    expect(ids(await world.claim(3))).toEqual([behind])
    const [parked] = await world.query<{ ready: number }>('select count(*)::int as ready from run where ready')
    expect(parked?.ready).toBe(0)
    expect(await promoteDueRuns(world.ctx)).toMatchObject({ promoted: 0 })
    await world.query('update deployment set paused_at = null')
    expect(await promoteDueRuns(world.ctx)).toMatchObject({ promoted: 20 })
    expect(ids(await world.claim()).sort()).toEqual(held.sort())
  })

  it('merges the variables when it hands over: a repaired pool reaches runs that waited', async () => {
    await world.create({ variables: { env: { RUN: '1' } } })
    await world.query(`update work_pool set variables = '{"env":{"FROM":"fixed"},"memoryMb":64}' where id = $1`, [world.poolId])
    expect(await world.claim()).toMatchObject([{ variables: { env: { FROM: 'fixed', RUN: '1' }, memoryMb: 64 } }])
  })

  it("gives a pool's runs to that pool only", async () => {
    await world.create()
    const other = await world.addTenant('globex')
    expect(await claimRuns(world.ctx, { poolId: other.poolId, agentId: newId(), agentName: 'b', credits: 5, leaseSeconds: 40 })).toEqual([])
    await world.claim()
  })

  it('reads the ready set by its index and no whole table, also in a database that was analysed while it was empty', async () => {
    await world.admin('truncate run cascade; analyze run')
    const client = world.another()
    await world.claim(1, world.agentId, client)
    const runs = Array.from({ length: 3000 }, () => ({ deployment: 'nightly' }))
    await createRuns(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', runs })
    await world.query(
      `update run set state_type = 'COMPLETED', state_name = 'Completed', ended_at = now(), ready = false where id in (select id from run order by id limit 2990)`,
    )
    const scans = async (): Promise<number> => {
      await world.query('select pg_stat_force_next_flush()').catch(() => [])
      const [row] = await world.query<{ n: number }>(`select seq_scan::int as n from pg_stat_user_tables where relname = 'run'`)
      return row?.n ?? 0
    }
    const before = await scans()
    for (let i = 0; i < 8; i += 1) expect((await world.claim(1, world.agentId, client)).length).toBe(1)
    expect(await scans()).toBe(before)
  })
})

it('a run that is not due is no claim, and is one at its moment', async () => {
  const at = new Date(world.clock.now().getTime() + 3_600_000)
  const [id = ''] = await world.create({ at })
  expect(await world.run(id)).toMatchObject({ state_name: 'Scheduled', ready: false, due_at: at })
  expect(await world.claim()).toEqual([])
  expect(await promoteDueRuns(world.ctx)).toEqual({ promoted: 0, more: false, nextDueAt: at })
  world.clock.set(at)
  expect(await promoteDueRuns(world.ctx)).toEqual({ promoted: 1, more: false, nextDueAt: null })
  expect(ids(await world.claim())).toEqual([id])
  await world.report(id, 1, exited(0))
})
