import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, command, refusalOf, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
let home: Awaited<ReturnType<TestApi['tenant']>>
beforeAll(async () => {
  api = await startTestApi()
  home = await api.tenant('home')
})
afterAll(() => api.close())

describe('pools', () => {
  it('are made with the queue default, and listed by name', async () => {
    const made = await home.as.pools.create.mutate({
      name: 'docker-eu',
      type: 'docker',
      description: 'EU',
      variables: { image: 'node:20', memoryMb: 512 },
    })
    expect(made).toMatchObject({
      name: 'docker-eu',
      type: 'docker',
      description: 'EU',
      paused: false,
      agentsOnline: 0,
      running: 0,
      waiting: 0,
      deployments: 0,
    })
    expect(made.variables).toEqual({ image: 'node:20', memoryMb: 512 })
    expect(made.queues).toMatchObject([{ name: 'default', paused: false, waiting: 0 }])
    expect((await home.as.pools.list.query()).map((pool) => pool.name)).toEqual(['blue', 'docker-eu'])
    expect(await home.as.pools.history.query({ name: 'docker-eu' })).toEqual([])
  })

  it('refuse a taken name, a bad name and variables that their type would ignore', async () => {
    expect(await codeOf(home.as.pools.create.mutate({ name: 'blue', type: 'docker' }))).toBe('already_exists')
    expect(await codeOf(home.as.pools.create.mutate({ name: 'No Spaces', type: 'docker' }))).toBe('invalid_input')
    expect((await refusalOf(home.as.pools.create.mutate({ name: 'p', type: 'process', variables: { image: 'x' } }))).message).toContain(
      'image cannot apply',
    )
    expect(await codeOf(home.as.pools.create.mutate({ name: 'p', type: 'process', variables: { imag: 'x' } as object }))).toBe(
      'invalid_input',
    )
  })

  it('change only what is named, and tell agents of a pause', async () => {
    const heard: string[] = []
    const stop = api.engine.bus.subscribe('pool', (ids) => heard.push(...ids))
    const paused = await home.as.pools.update.mutate({ name: 'blue', paused: true })
    expect(paused).toMatchObject({ paused: true, description: '' })
    expect(await home.as.pools.update.mutate({ name: 'blue', description: 'ours' })).toMatchObject({ paused: true, description: 'ours' })
    expect(await home.as.pools.update.mutate({ name: 'blue', paused: false })).toMatchObject({ paused: false })
    expect(heard).toContain(home.pool.id)
    stop()
  })

  it('are not found by names that do not exist', async () => {
    expect(await codeOf(home.as.pools.get.query({ name: 'nope' }))).toBe('not_found')
    expect(await codeOf(home.as.pools.history.query({ name: 'nope' }))).toBe('not_found')
    expect(await codeOf(home.as.pools.delete.mutate({ name: 'nope' }))).toBe('not_found')
  })

  it('are not deleted while deployments use them, which are named', async () => {
    await home.as.pools.create.mutate({ name: 'used', type: 'process' })
    await home.as.deployments.register.mutate({ manifest: command('user-of-it', { pool: 'used' }) })
    expect(await refusalOf(home.as.pools.delete.mutate({ name: 'used' }))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('user-of-it'),
    })
    await home.as.deployments.delete.mutate({ name: 'user-of-it' })
    await home.as.pools.delete.mutate({ name: 'used' })
    expect(await codeOf(home.as.pools.get.query({ name: 'used' }))).toBe('not_found')
  })

  it('are paused by operators and managed by admins', async () => {
    const operator = await api.member(home.workspace.id, 'home', 'operator')
    const viewer = await api.member(home.workspace.id, 'home', 'viewer')
    expect(await operator.as.pools.update.mutate({ name: 'blue', paused: true })).toMatchObject({ paused: true })
    expect(await operator.as.pools.update.mutate({ name: 'blue', paused: false })).toMatchObject({ paused: false })
    expect((await refusalOf(operator.as.pools.update.mutate({ name: 'blue', description: 'x' }))).message).toBe(
      'Your role in home is operator; this needs admin.',
    )
    expect(await codeOf(operator.as.pools.create.mutate({ name: 'x', type: 'docker' }))).toBe('forbidden')
    expect(await codeOf(viewer.as.pools.update.mutate({ name: 'blue', paused: true }))).toBe('forbidden')
    expect(await viewer.as.pools.list.query()).not.toEqual([])
  })
})

describe('agents', () => {
  it('are online while a gateway holds their socket and they were seen within a lease', async () => {
    const { db } = api.engine
    const add = (name: string, gateway: boolean, secondsAgo: number, draining = false) =>
      db.enginePool.query(
        `insert into agent (id, workspace_id, pool_id, name, version, host, capacity, capabilities, load, draining, gateway_id, connected_at, last_seen_at)
         values (gen_random_uuid(), $1, $2, $3, '1.0.0', '{"hostname":"h","os":"linux","arch":"x64","cpus":2,"memoryMb":100}', 4, '{}', '{"running":3}', $4,
                 case when $5 then gen_random_uuid() end, now(), $6)`,
        [home.workspace.id, home.pool.id, name, draining, gateway, new Date(api.clock.now().getTime() - secondsAgo * 1000)],
      )
    await add('here', true, 5)
    await add('leaving', true, 6, true)
    await add('gone', false, 7)
    await add('silent', true, 60)
    const agents = await home.as.agents.list.query({ pool: 'blue' })
    expect(agents.map((agent) => [agent.name, agent.status, agent.running])).toEqual([
      ['here', 'online', 3],
      ['leaving', 'draining', 3],
      ['gone', 'offline', 0],
      ['silent', 'offline', 0],
    ])
    expect(agents[0]).toMatchObject({ poolName: 'blue', host: { hostname: 'h', cpus: 2 }, capacity: 4 })
    expect(await home.as.pools.get.query({ name: 'blue' })).toMatchObject({ agentsOnline: 2, agentsTotal: 4, capacity: 8 })
    expect(await home.as.agents.list.query({ pool: 'other' })).toEqual([])
  })
})
