import type { LiveChange } from '@towline/contract/views'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestAgent } from '../../testing/test-agent.ts'
import { codeOf, command, refusalOf, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
let home: Awaited<ReturnType<TestApi['tenant']>>
let agent: Awaited<ReturnType<typeof createTestAgent>>
beforeAll(async () => {
  api = await startTestApi()
  home = await api.tenant('home')
  await home.as.deployments.register.mutate({ manifest: command('etl', { tags: ['db'] }) })
  agent = await createTestAgent(api.engine, { workspaceId: home.workspace.id, poolId: home.pool.id })
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.engine.db.enginePool.query('delete from run')
  await api.engine.db.enginePool.query('delete from concurrency_limit')
})

const DB = { kind: 'tag', tag: 'db' } as const
const create = () => home.as.runs.create.mutate({ deployment: 'etl' })

describe('limits', () => {
  it('are made for pools, queues, deployments and tags, and listed in that order by name', async () => {
    await home.as.limits.set.mutate({ limit: { kind: 'tag', tag: 'db' }, slots: 2 })
    await home.as.limits.set.mutate({ limit: { kind: 'tag', tag: 'api' }, slots: null, rate: { count: 10, windowSeconds: 60 } })
    await home.as.limits.set.mutate({ limit: { kind: 'deployment', deployment: 'etl' }, slots: 1, collision: 'cancel-new' })
    await home.as.limits.set.mutate({ limit: { kind: 'queue', pool: 'blue', queue: 'default' }, slots: 3 })
    await home.as.limits.set.mutate({ limit: { kind: 'pool', pool: 'blue' }, slots: 4, description: 'the machine' })
    expect((await home.as.limits.list.query({})).map(({ kind, name, slots }) => [kind, name, slots])).toEqual([
      ['pool', 'blue', 4],
      ['queue', 'blue/default', 3],
      ['deployment', 'etl', 1],
      ['tag', 'api', null],
      ['tag', 'db', 2],
    ])
    expect((await home.as.limits.list.query({ kind: 'tag' })).map(({ name }) => name)).toEqual(['api', 'db'])
    expect(await home.as.limits.get.query({ limit: { kind: 'pool', pool: 'blue' } })).toMatchObject({
      description: 'the machine',
      used: 0,
      holders: [],
      waiters: [],
    })
  })

  it('change only in what is named', async () => {
    const made = await home.as.limits.set.mutate({ limit: DB, slots: 2, description: 'replicas' })
    expect(await home.as.limits.set.mutate({ limit: { id: made.id }, slots: 0 })).toMatchObject({
      id: made.id,
      slots: 0,
      description: 'replicas',
    })
    expect(await home.as.limits.set.mutate({ limit: DB, rate: { count: 1, windowSeconds: 5 } })).toMatchObject({
      slots: 0,
      rate: { count: 1 },
    })
  })

  it('show holders and line; a freed one goes to the next, and a deleted one lets everybody in', async () => {
    await home.as.limits.set.mutate({ limit: DB, slots: 1 })
    const [first, second, third] = [await create(), await create(), await create()]
    expect(await agent.startAll()).toEqual([first.id])
    const full = await home.as.limits.get.query({ limit: DB })
    expect(full).toMatchObject({ used: 1, holding: 1, waiting: 2, holders: [{ run: { id: first.id, deploymentName: 'etl' } }] })
    expect(full.waiters.map(({ run, place }) => [run.id, place])).toEqual([
      [second.id, 1],
      [third.id, 2],
    ])
    const waits = await home.as.runs.get.query({ id: third.id })
    expect(waits.gates.find(({ state }) => state === 'holds')).toMatchObject({
      gate: 'limit',
      command: 'towline limits set db 2',
      limit: { place: 2, holders: [{ runId: first.id }] },
    })
    await agent.exit(first.id, 0)
    expect(await agent.startAll()).toEqual([second.id])
    expect(await home.as.limits.delete.mutate({ limit: DB })).toEqual({})
    expect(await agent.startAll()).toEqual([third.id])
    expect(await codeOf(home.as.limits.get.query({ limit: DB }))).toBe('not_found')
  })

  it('give a slot back by stopping its holder, with the reason in its history', async () => {
    await home.as.limits.set.mutate({ limit: DB, slots: 1 })
    const run = await create()
    await agent.startAll()
    const { holders } = await home.as.limits.get.query({ limit: DB })
    const slotId = holders[0]?.slotId ?? ''
    expect(await codeOf(home.as.limits.release.mutate({ limit: DB, slotId, reason: ' ' }))).toBe('invalid_input')
    expect(await home.as.limits.release.mutate({ limit: DB, slotId, reason: 'hangs' })).toEqual({ runId: run.id, runName: run.name })
    expect(await home.as.runs.get.query({ id: run.id })).toMatchObject({ state: { type: 'CANCELLING' } })
    expect((await home.as.limits.get.query({ limit: DB })).used).toBe(1)
    const events = await home.as.runs.events.query({ id: run.id, after: 0 })
    expect(events.some(({ kind, message }) => kind === 'note' && message?.includes('hangs'))).toBe(true)
    expect(await codeOf(home.as.limits.release.mutate({ limit: DB, slotId: run.id, reason: 'x' }))).toBe('not_found')
  })

  it('refuse what cannot be a limit', async () => {
    expect(await codeOf(home.as.limits.set.mutate({ limit: DB }))).toBe('invalid_input')
    expect(await codeOf(home.as.limits.set.mutate({ limit: DB, slots: -1 }))).toBe('invalid_input')
    expect(await codeOf(home.as.limits.set.mutate({ limit: DB, slots: 1.5 }))).toBe('invalid_input')
    expect(await codeOf(home.as.limits.set.mutate({ limit: DB, rate: { count: 1, windowSeconds: 100_000 } }))).toBe('invalid_input')
    expect(await codeOf(home.as.limits.set.mutate({ limit: DB, slots: 1, collision: 'cancel-new' }))).toBe('invalid_input')
    expect(await refusalOf(home.as.limits.set.mutate({ limit: { kind: 'pool', pool: 'nope' }, slots: 1 }))).toMatchObject({
      code: 'not_found',
      message: 'There is no work pool nope in this workspace.',
    })
    expect(await codeOf(home.as.limits.delete.mutate({ limit: DB }))).toBe('not_found')
  })

  it('are seen by viewers and set by operators', async () => {
    const operator = await api.member(home.workspace.id, 'home', 'operator')
    const viewer = await api.member(home.workspace.id, 'home', 'viewer')
    const { id } = await operator.as.limits.set.mutate({ limit: DB, slots: 1 })
    expect(await viewer.as.limits.list.query({})).toHaveLength(1)
    expect((await viewer.as.limits.ledger.query()).ok).toBe(true)
    expect(await viewer.as.limits.suggestions.query()).toEqual([])
    expect((await refusalOf(viewer.as.limits.set.mutate({ limit: { id }, slots: 9 }))).message).toBe(
      'Your role in home is viewer; this needs operator.',
    )
    expect(await codeOf(viewer.as.limits.delete.mutate({ limit: { id } }))).toBe('forbidden')
    expect(await codeOf(viewer.as.limits.release.mutate({ limit: { id }, slotId: id, reason: 'x' }))).toBe('forbidden')
  })

  it('of another workspace are not there, by id, name or slot', async () => {
    const { id } = await home.as.limits.set.mutate({ limit: DB, slots: 1 })
    await create()
    await agent.startAll()
    const slotId = (await home.as.limits.get.query({ limit: DB })).holders[0]?.slotId ?? ''
    const stranger = await api.tenant('stranger')
    expect(await stranger.as.limits.list.query({})).toEqual([])
    expect(await codeOf(stranger.as.limits.get.query({ limit: { id } }))).toBe('not_found')
    expect(await codeOf(stranger.as.limits.set.mutate({ limit: { id }, slots: 9 }))).toBe('not_found')
    expect(await codeOf(stranger.as.limits.delete.mutate({ limit: { id } }))).toBe('not_found')
    expect(await codeOf(stranger.as.limits.release.mutate({ limit: { id }, slotId, reason: 'x' }))).toBe('not_found')
    await stranger.as.limits.set.mutate({ limit: DB, slots: 9 })
    expect(await codeOf(stranger.as.limits.release.mutate({ limit: DB, slotId, reason: 'x' }))).toBe('not_found')
    expect(await home.as.limits.get.query({ limit: DB })).toMatchObject({ slots: 1, used: 1 })
  })

  it('have a history without gaps, a rehearsal that changes nothing, and a ledger that adds up', async () => {
    const { id } = await home.as.limits.set.mutate({ limit: DB, slots: 1 })
    const [first, second] = [await create(), await create()]
    await agent.startAll()
    api.clock.advance({ seconds: 30 })
    await agent.exit(first.id, 0)
    await agent.startAll()
    api.clock.advance({ seconds: 30 })
    await agent.exit(second.id, 0)
    const history = await home.as.limits.history.query({ limit: { id }, hours: 1 })
    const steps = history.points.slice(1).map(({ at }, index) => at.getTime() - (history.points[index]?.at.getTime() ?? 0))
    expect(new Set(steps)).toEqual(new Set([history.bucketSeconds * 1000]))
    expect(history.points.reduce((sum, { granted }) => sum + granted, 0)).toBe(2)
    expect(Math.max(...history.points.map(({ maxUsed }) => maxUsed))).toBe(1)
    expect(Math.max(...history.points.map(({ waitMaxMs }) => waitMaxMs))).toBe(30_000)
    const rehearsal = await home.as.limits.rehearse.query({ limit: { id }, slots: 2, rate: null })
    expect(rehearsal).toMatchObject({
      holders: 2,
      truncated: false,
      before: { max: 30_000 },
      after: { max: 0 },
      groups: [{ group: 'etl' }],
    })
    expect((await home.as.limits.get.query({ limit: { id } })).slots).toBe(1)
    expect(await home.as.limits.ledger.query()).toMatchObject({ ok: true, limits: 1, slots: 0, waiters: 0, problems: [] })
    expect(await codeOf(home.as.limits.history.query({ limit: { id }, hours: 25 }))).toBe('invalid_input')
    expect(await codeOf(home.as.limits.rehearse.query({ limit: { kind: 'pool', pool: 'nope' }, slots: 1, rate: null }))).toBe('not_found')
  })

  it('are rehearsed for tags that have none yet, and those tags are suggested', async () => {
    const run = await create()
    await agent.startAll()
    api.clock.advance({ seconds: 5 })
    await agent.exit(run.id, 0)
    expect(await home.as.limits.suggestions.query()).toMatchObject([{ tag: 'db', runs: 1 }])
    expect(await home.as.limits.rehearse.query({ limit: DB, slots: 0, rate: null })).toMatchObject({ holders: 1, after: { never: 1 } })
    await home.as.limits.set.mutate({ limit: DB, slots: 1 })
    expect(await home.as.limits.suggestions.query()).toEqual([])
  })

  it('tell open pages when they change, and when a run takes or frees their slots', async () => {
    const heard: LiveChange[] = []
    const subscription = home.as.live.changes.subscribe(undefined, { onData: (change) => heard.push(change) })
    await until(() => heard.length > 0)
    const told = () => heard.some(({ topics }) => topics.includes('limits'))
    heard.length = 0
    await home.as.limits.set.mutate({ limit: DB, slots: 1 })
    await until(told)
    heard.length = 0
    const run = await create()
    await agent.startAll()
    await until(told)
    heard.length = 0
    await agent.exit(run.id, 0)
    await until(told)
    subscription.unsubscribe()
  })
})
