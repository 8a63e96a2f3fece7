import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, command, refusalOf, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
let home: Awaited<ReturnType<TestApi['tenant']>>
beforeAll(async () => {
  api = await startTestApi()
  home = await api.tenant('home')
})
afterAll(() => api.close())

const queues = async (pool = 'blue') => (await home.as.pools.get.query({ name: pool })).queues

describe('queues', () => {
  it('are made with a priority and a pause, and stand in the order in which they are served', async () => {
    expect(await home.as.queues.create.mutate({ pool: 'blue', name: 'night', priority: 500, paused: true })).toMatchObject({
      name: 'night',
      priority: 500,
      paused: true,
      waiting: 0,
      deployments: 0,
    })
    expect(await home.as.queues.create.mutate({ pool: 'blue', name: 'urgent', priority: 1 })).toMatchObject({ priority: 1, paused: false })
    expect(await home.as.queues.create.mutate({ pool: 'blue', name: 'plain' })).toMatchObject({ priority: 100 })
    expect((await queues()).map((queue) => queue.name)).toEqual(['urgent', 'default', 'plain', 'night'])
  })

  it('may have a name that a queue of another pool has, but not one of their own pool', async () => {
    await home.as.pools.create.mutate({ name: 'red', type: 'process' })
    expect(await home.as.queues.create.mutate({ pool: 'red', name: 'urgent' })).toMatchObject({ name: 'urgent' })
    expect(await refusalOf(home.as.queues.create.mutate({ pool: 'blue', name: 'urgent' }))).toMatchObject({
      code: 'already_exists',
      message: 'The work pool blue has a queue urgent already.',
    })
  })

  it.each([
    { name: 'No Spaces' },
    { name: 'x', priority: 0 },
    { name: 'x', priority: 10_001 },
    { name: 'x', priority: 1.5 },
    { name: 'x', slots: 1 },
  ])('refuse %j', async (input) => {
    expect(await codeOf(home.as.queues.create.mutate({ pool: 'blue', ...input }))).toBe('invalid_input')
    expect((await queues()).some((queue) => queue.name === 'x')).toBe(false)
  })

  it('change only what is named, and tell agents and open pages', async () => {
    const pools: string[] = []
    const notices: string[] = []
    const stops = [
      api.engine.bus.subscribe('pool', (ids) => pools.push(...ids)),
      api.engine.bus.subscribe('workspace', (ids) => notices.push(...ids)),
    ]
    expect(await home.as.queues.update.mutate({ pool: 'blue', name: 'plain', paused: true })).toMatchObject({ paused: true, priority: 100 })
    expect(await home.as.queues.update.mutate({ pool: 'blue', name: 'plain', priority: 7 })).toMatchObject({ paused: true, priority: 7 })
    expect(await home.as.queues.update.mutate({ pool: 'blue', name: 'plain', paused: false })).toMatchObject({ paused: false, priority: 7 })
    expect(pools).toContain(home.pool.id)
    expect(notices).toContain(`${home.workspace.id}/pools`)
    for (const stop of stops) stop()
  })

  it('are not found by names of pools or queues that do not exist', async () => {
    for (const queue of [
      { pool: 'nope', name: 'default' },
      { pool: 'blue', name: 'nope' },
    ]) {
      expect(await codeOf(home.as.queues.update.mutate({ ...queue, paused: true }))).toBe('not_found')
      expect(await codeOf(home.as.queues.delete.mutate(queue))).toBe('not_found')
    }
    expect(await codeOf(home.as.queues.create.mutate({ pool: 'nope', name: 'x' }))).toBe('not_found')
  })

  it('are named by a deployment, whose refusal says how to make one that is missing', async () => {
    await home.as.deployments.register.mutate({ manifest: command('hurried', { queue: 'urgent' }) })
    expect((await home.as.deployments.get.query({ name: 'hurried' })).queueName).toBe('urgent')
    expect((await queues()).find((queue) => queue.name === 'urgent')).toMatchObject({ deployments: 1 })
    expect((await refusalOf(home.as.deployments.register.mutate({ manifest: command('lost', { queue: 'slow' }) }))).message).toContain(
      'towline queues create slow --pool blue',
    )
  })

  it('say why the runs of a paused one wait', async () => {
    await home.as.queues.update.mutate({ pool: 'blue', name: 'urgent', paused: true })
    const run = await home.as.runs.create.mutate({ deployment: 'hurried' })
    expect(run.waiting).toMatchObject({ gate: 'queue-paused', text: 'The queue urgent of blue is paused.' })
    expect((await queues())[0]).toMatchObject({ name: 'urgent', paused: true, waiting: 1 })
    await home.as.queues.update.mutate({ pool: 'blue', name: 'urgent', paused: false })
    expect((await home.as.runs.get.query({ id: run.id })).waiting?.gate).not.toBe('queue-paused')
  })

  it('are not deleted while deployments use them or runs of them have not ended, and both are named', async () => {
    const urgent = { pool: 'blue', name: 'urgent' }
    expect(await refusalOf(home.as.queues.delete.mutate(urgent))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('hurried'),
    })
    await home.as.deployments.register.mutate({ manifest: command('hurried') })
    const [run] = (await home.as.runs.list.query({ filter: { deployment: 'hurried' } })).items
    expect(await refusalOf(home.as.queues.delete.mutate(urgent))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(run?.name ?? '-'),
    })
    await home.as.runs.cancel.mutate({ id: run?.id ?? '' })
    expect(await home.as.queues.delete.mutate(urgent)).toEqual({ name: 'urgent' })
    expect((await queues()).some((queue) => queue.name === 'urgent')).toBe(false)
    expect(await home.as.runs.get.query({ id: run?.id ?? '' })).toMatchObject({ queueName: '(deleted)', waiting: null })
    expect((await home.as.runs.list.query({ filter: { deployment: 'hurried' } })).items).toHaveLength(1)
    await home.as.runs.retry.mutate({ id: run?.id ?? '' })
    expect(await home.as.runs.get.query({ id: run?.id ?? '' })).toMatchObject({ queueName: 'default', state: { name: 'Scheduled' } })
  })

  it('cannot lose default, which may be paused', async () => {
    expect((await refusalOf(home.as.queues.delete.mutate({ pool: 'red', name: 'default' }))).code).toBe('conflict')
    expect(await home.as.queues.update.mutate({ pool: 'red', name: 'default', paused: true })).toMatchObject({ paused: true })
  })

  it('are paused by operators and managed by admins', async () => {
    const operator = await api.member(home.workspace.id, 'home', 'operator')
    const viewer = await api.member(home.workspace.id, 'home', 'viewer')
    const night = { pool: 'blue', name: 'night' }
    expect(await operator.as.queues.update.mutate({ ...night, paused: false })).toMatchObject({ paused: false })
    expect((await refusalOf(operator.as.queues.update.mutate({ ...night, priority: 1 }))).message).toBe(
      'Your role in home is operator; this needs admin.',
    )
    expect(await codeOf(operator.as.queues.create.mutate({ pool: 'blue', name: 'x' }))).toBe('forbidden')
    expect(await codeOf(operator.as.queues.delete.mutate(night))).toBe('forbidden')
    expect(await codeOf(viewer.as.queues.update.mutate({ ...night, paused: true }))).toBe('forbidden')
  })
})
