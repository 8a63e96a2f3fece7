import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { releaseTaskSlots } from '../limits/release-task-slots.ts'
import { requestTaskSlots } from '../limits/request-task-slots.ts'
import { setLimit } from '../limits/set-limit.ts'
import { getOverview } from '../overview/get-overview.ts'
import { getPool } from '../pools/get-pool.ts'
import { createWorld, exited, STARTED, type World } from '../runs/test-world.ts'
import { getRun } from './get-run.ts'
import { type LimitWait, limitCommand, limitText } from './limit-gates.ts'
import { listRuns } from './list-runs.ts'
import { listTaskRuns } from './list-task-runs.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await world.query(
    `insert into agent (id, workspace_id, pool_id, name, version, host, capacity, capabilities, gateway_id, connected_at, last_seen_at)
     values ($1, $2, $3, 'a1', '1.0.0', '{"hostname":"h","os":"linux","arch":"x64","cpus":2,"memoryMb":100}', 50, '{}', $1, $4, $4)`,
    [world.agentId, world.workspaceId, world.poolId, world.clock.now()],
  )
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.query('delete from run')
  await world.query('delete from concurrency_limit')
  await world.query('update agent set last_seen_at = $1', [world.clock.now()])
})

const set = (slots: number) =>
  setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', limit: { kind: 'tag', tag: 'db' }, slots })
const detail = (ref: string) => getRun(world.ctx, { workspaceId: world.workspaceId, ref })
const db = (count: number) => world.create(...Array.from({ length: count }, () => ({ tags: ['db'] })))

describe('a run that waits for a limit', () => {
  it('is counted as waiting on the overview, at its pool and at its queue', async () => {
    await set(1)
    await db(3)
    await world.claim()
    const { workspaceId } = world
    const pool = await getPool(world.ctx, { workspaceId, name: 'local' })
    const { counts } = await getOverview(world.ctx, { workspaceId })
    expect([counts.running, counts.waiting, pool.waiting, pool.queues.map((queue) => queue.waiting)]).toEqual([1, 2, 2, [0, 2]])
  })

  it('estimates from those who took slots of the limit, not from what a run lends its own tasks', async () => {
    await set(1)
    const [first = ''] = await db(2)
    await world.claim()
    const ask = (key: string) =>
      requestTaskSlots(world.ctx, {
        workspaceId: world.workspaceId,
        runId: first,
        attempt: 1,
        request: { key, slots: { db: 1 }, priority: 0 },
      })
    for (const key of ['a', 'b', 'c']) {
      await ask(key)
      world.clock.advance({ seconds: 1 })
      await releaseTaskSlots(world.ctx, { workspaceId: world.workspaceId, runId: first, attempt: 1, key })
    }
    world.clock.advance({ seconds: 97 })
    await world.report(first, 1, exited(0))
    await world.claim()
    const [third = ''] = await db(1)
    await world.claim()
    expect((await detail(third)).waiting?.limit).toMatchObject({ estimateMs: 100_000 })
  })

  it('says which, who holds its slots, its place, and what opens it', async () => {
    await set(1)
    const [first = '', second = '', third = ''] = await db(3)
    await world.claim()
    const { gates, waiting } = await detail(third)
    const states = gates.map(({ gate, state }) => `${gate} ${state}`)
    expect(states).toEqual([
      'launching ok',
      'not-due ok',
      'pool-paused ok',
      'queue-paused ok',
      'deployment-paused ok',
      'limit holds',
      'no-agent ok',
      'agents-full ok',
      'in-line unknown',
    ])
    expect(gates.find(({ gate }) => gate === 'limit')).toMatchObject({
      text: 'The one slot of the tag db is taken. It is 2nd in line.',
      command: 'towline limits set db 2',
      limit: {
        limit: { kind: 'tag', name: 'db', slots: 1, used: 1 },
        hold: 'full',
        holders: [{ runId: first, taskKey: null }],
        holding: 1,
        place: 2,
        estimateMs: null,
      },
    })
    expect(waiting).toMatchObject({ gate: 'limit', limit: { place: 2 } })
    expect((await detail(second)).waiting?.limit?.place).toBe(1)
  })

  it('estimates from how long holders kept their slots lately', async () => {
    await set(1)
    const [first = '', , third = ''] = await db(3)
    await world.claim()
    await world.confirm(first, 1)
    await world.report(first, 1, STARTED)
    world.clock.advance({ seconds: 60 })
    await world.report(first, 1, exited(0))
    await world.claim()
    expect((await detail(third)).waiting?.limit).toMatchObject({ place: 1, estimateMs: 60_000 })
    world.clock.advance({ seconds: 59 })
    expect((await detail(third)).waiting?.limit).toMatchObject({ estimateMs: 1000 })
    world.clock.advance({ seconds: 1 })
    expect((await detail(third)).waiting?.limit).toMatchObject({ estimateMs: null })
  })

  it('waits for an agent and no longer for the limit when its slot is offered', async () => {
    await set(1)
    const [first = '', second = ''] = await db(2)
    await world.claim()
    await world.confirm(first, 1)
    await world.report(first, 1, exited(0))
    expect((await detail(second)).waiting).toMatchObject({ gate: 'in-line', limit: null })
  })

  it('says so in lists with one phrase, and a paused limit as paused', async () => {
    await set(0)
    const [only = ''] = await db(1)
    await world.claim()
    const page = await listRuns(world.ctx, { workspaceId: world.workspaceId, filter: {}, cursor: null, limit: 10 })
    expect(page.items).toMatchObject([
      { id: only, waiting: { gate: 'limit', text: expect.stringContaining('is 0: nothing is let in'), limit: { hold: 'paused' } } },
    ])
  })
})

describe('a task run that waits for slots', () => {
  it('says which limit, and that a task of its own run holds the slot', async () => {
    await set(1)
    const runId = await world.running()
    const ask = (key: string) =>
      requestTaskSlots(world.ctx, { workspaceId: world.workspaceId, runId, attempt: 1, request: { key, slots: { db: 1 }, priority: 0 } })
    expect((await ask('a')).granted).toBe(true)
    expect((await ask('b')).granted).toBe(false)
    await world.query(
      `insert into task_run (run_id, attempt, key, workspace_id, name, state, try, tags, depends_on, created_at)
       select $1, 1, k, $2, k, case k when 'a' then 'RUNNING' else 'PENDING' end, 1, '{db}', '{}', now() from unnest(array['a', 'b']) k`,
      [runId, world.workspaceId],
    )
    const tasks = await listTaskRuns(world.ctx, { workspaceId: world.workspaceId, runId, attempt: null })
    expect(tasks.map(({ key, waiting }) => [key, waiting?.limit?.holders[0]?.taskKey])).toEqual([
      ['a', undefined],
      ['b', 'a'],
    ])
    expect(tasks[1]?.waiting?.remedy).toContain('when a slot is free')
    expect(tasks[1]?.waiting).toMatchObject({ gate: 'limit', text: 'The one slot of the tag db is taken. It is 1st in line.' })
  })
})

describe('a task run whose run lends its slot to another', () => {
  it('says that it waits for a task of its own run', async () => {
    await set(1)
    const runId = await world.running({ tags: ['db'] })
    const ask = (key: string) =>
      requestTaskSlots(world.ctx, { workspaceId: world.workspaceId, runId, attempt: 1, request: { key, slots: { db: 1 }, priority: 0 } })
    expect([(await ask('b')).granted, (await ask('a')).granted]).toEqual([true, false])
    await world.query(
      `insert into task_run (run_id, attempt, key, workspace_id, name, state, try, tags, depends_on, created_at)
       values ($1, 1, 'a', $2, 'a', 'PENDING', 1, '{db}', '{}', now())`,
      [runId, world.workspaceId],
    )
    const [task] = await listTaskRuns(world.ctx, { workspaceId: world.workspaceId, runId, attempt: null })
    expect(task?.waiting?.remedy).toContain('Its run lends a slot to one task at a time')
  })
})

describe('the words about a limit', () => {
  const wait = (more: Partial<LimitWait> = {}, limit: Partial<LimitWait['limit']> = {}): LimitWait => ({
    limit: { id: '', kind: 'tag', name: 'db', slots: 2, used: 2, ...limit },
    hold: 'full',
    holders: [],
    holding: 2,
    place: 1,
    since: new Date(0),
    until: null,
    estimateMs: null,
    rate: null,
    weight: 1,
    isOwn: false,
    ...more,
  })

  it('offer the command that opens it, quoted for shells', () => {
    expect(limitCommand(wait())).toBe('towline limits set db 3')
    expect(limitCommand(wait({ hold: 'too-heavy', weight: 5 }, { used: 0 }))).toBe('towline limits set db 5')
    expect(limitCommand(wait({}, { name: "it's mine" }))).toBe(`towline limits set 'it'\\''s mine' 3`)
    expect(limitCommand(wait({}, { kind: 'queue', name: 'eu/fast' }))).toBe('towline limits set queue:eu/fast 3')
    expect(limitCommand(wait({ hold: 'rate', rate: { count: 10, windowSeconds: 60 } }, { slots: null }))).toBe(
      'towline limits set db --rate 20/60s',
    )
  })

  it('count like people', () => {
    const places = [1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map((place) => /is (\S+) in line/.exec(limitText(wait({ place })))?.[1])
    expect(places).toEqual(['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '111th'])
  })
})
