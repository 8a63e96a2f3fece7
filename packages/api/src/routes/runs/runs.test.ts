import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestAgent } from '../../testing/test-agent.ts'
import { codeOf, command, refusalOf, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
let home: Awaited<ReturnType<TestApi['tenant']>>
beforeAll(async () => {
  api = await startTestApi()
  home = await api.tenant('home')
  const schema = { type: 'object', properties: { size: { type: 'integer', default: 3 } } }
  await home.as.deployments.register.mutate({ manifest: command('etl', { parameterSchema: schema, tags: ['nightly'] }) })
  await home.as.deployments.register.mutate({ manifest: command('other') })
})
afterAll(() => api.close())

const create = (more: object = {}) => home.withKey.runs.create.mutate({ deployment: 'etl', ...more })

describe('runs.create', () => {
  it('answers with the run and why it does not run yet', async () => {
    const run = await create({ parameters: { size: 4 }, tags: ['adhoc'], name: 'first-light' })
    expect(run).toMatchObject({
      name: 'first-light',
      state: { name: 'Scheduled' },
      deployment: { name: 'etl' },
      pool: { name: 'blue' },
      queueName: 'default',
      tags: ['adhoc', 'nightly'],
    })
    expect(run.waiting).toMatchObject({ gate: 'no-agent', remedy: 'Start one: towline agent start --pool blue' })
    const detail = await home.as.runs.get.query({ id: run.id })
    expect(detail).toMatchObject({
      parameters: { size: 4 },
      versionNumber: 1,
      createdBy: `${home.user.name} (laptop)`,
      attempts: [],
      retriesLeft: { failures: 0, crashes: 2 },
    })
  })

  it('is one run per idempotency key', async () => {
    const made = await Promise.all([1, 2, 3].map(() => create({ idempotencyKey: 'day-1' })))
    expect(new Set(made.map((run) => run.id)).size).toBe(1)
  })

  it('in the future waits for its moment', async () => {
    const at = new Date(api.clock.now().getTime() + 3_600_000)
    const run = await create({ at })
    expect(run).toMatchObject({ dueAt: at, waiting: { gate: 'not-due' } })
    await home.as.runs.cancel.mutate({ id: run.id })
  })

  it('refuses parameters that do not fit, unknown deployments, large values and viewers', async () => {
    expect((await refusalOf(create({ parameters: { size: 'big' } }))).code).toBe('invalid_parameters')
    expect((await refusalOf(create({ parameters: { sise: 1 } }))).message).toContain('unknown parameter "sise"')
    expect(await codeOf(create({ deployment: 'nope' }))).toBe('not_found')
    expect(await codeOf(create({ variables: { env: { A: 'x'.repeat(70_000) } } }))).toBe('payload_too_large')
    expect(await codeOf(create({ priority: 'high' }))).toBe('invalid_input')
    const viewer = await api.member(home.workspace.id, 'home', 'viewer')
    expect(await codeOf(viewer.as.runs.create.mutate({ deployment: 'etl' }))).toBe('forbidden')
    expect(await codeOf(api.anybody.runs.create.mutate({ deployment: 'etl' }))).toBe('unauthenticated')
  })
})

describe('runs.get', () => {
  it('finds a run by its id, its exact name, and the start or end of its id', async () => {
    const run = await create({ name: 'findable' })
    for (const ref of [run.id, 'findable', run.id.slice(-12), run.id.slice(0, 30)])
      expect((await home.as.runs.get.query({ id: ref })).id).toBe(run.id)
  })

  it('says which runs a reference could mean, and that there is none', async () => {
    const twins = [await create({ name: 'twin' }), await create({ name: 'twin' })]
    const refusal = await refusalOf(home.as.runs.get.query({ id: 'twin' }))
    expect(refusal.code).toBe('invalid_input')
    for (const twin of twins) expect(refusal.message).toContain(twin.id)
    expect(await codeOf(home.as.runs.get.query({ id: 'nobody' }))).toBe('not_found')
    expect(await codeOf(home.as.runs.get.query({ id: '00000000-0000-7000-8000-000000000000' }))).toBe('not_found')
    expect(await codeOf(home.as.runs.get.query({ id: '%' }))).toBe('not_found')
  })
})

describe('runs.list', () => {
  it('pages through all runs, newest first, each once', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: { items: { id: string }[]; next: string | null } = await home.as.runs.list.query({ cursor, limit: 3 })
      seen.push(...page.items.map((run) => run.id))
      cursor = page.next
    } while (cursor !== null)
    const { rows } = await api.engine.db.enginePool.query<{ id: string }>('select id from run order by id desc')
    expect(seen).toEqual(rows.map((row) => row.id))
  })

  it('filters by deployment, pool, tag, state, group of states and name, also combined', async () => {
    const run = await create({ deployment: 'other', name: 'needle-1', tags: ['rare'] })
    const cancelled = await create({ deployment: 'other', name: 'needle-2' })
    await home.as.runs.cancel.mutate({ id: cancelled.id })
    const ids = async (filter: object) => (await home.as.runs.list.query({ filter })).items.map((one) => one.id)
    expect(await ids({ deployment: 'other' })).toEqual([cancelled.id, run.id])
    expect(await ids({ deployment: 'other', states: ['waiting'] })).toEqual([run.id])
    expect(await ids({ deployment: 'other', states: ['finished', 'Scheduled'] })).toEqual([cancelled.id, run.id])
    expect(await ids({ tag: 'rare', pool: 'blue' })).toEqual([run.id])
    expect(await ids({ search: 'EEDLE-2' })).toEqual([cancelled.id])
    expect(await ids({ search: run.id.slice(-12), states: ['Scheduled'] })).toEqual([run.id])
    expect(await ids({ search: '%' })).toEqual([])
    expect(await ids({ pool: 'nope' })).toEqual([])
    expect(await codeOf(home.as.runs.list.query({ filter: { states: ['Sleeping' as 'Failed'] } }))).toBe('invalid_input')
  })
})

describe('a run that an agent takes', () => {
  it('shows its attempt, events, tasks and logs, and its place in line before', async () => {
    const there = await api.tenant('busy')
    await there.as.deployments.register.mutate({ manifest: command('etl') })
    const agent = await createTestAgent(api.engine, { workspaceId: there.workspace.id, poolId: there.pool.id })
    const runs = []
    for (const name of ['one', 'two', 'three', 'four']) runs.push(await there.as.runs.create.mutate({ deployment: 'etl', name }))
    const started = await agent.startAll(2)
    expect(started).toEqual([runs[0]?.id, runs[1]?.id])
    const last = await there.as.runs.get.query({ id: 'four' })
    expect(last.waiting?.gate).toBe('agents-full')
    expect(last.waiting?.text).toBe('1 agent is busy with 2 of 2 runs. 1 run is ahead of it.')
    expect(await there.as.pools.get.query({ name: 'blue' })).toMatchObject({ running: 2, waiting: 2, queues: [{ waiting: 2 }] })
    expect(await there.as.overview.get.query()).toMatchObject({ counts: { running: 2, waiting: 2, failed24h: 0 } })

    const id = started[0] ?? ''
    await agent.task(id, 'fetch', 'RUNNING')
    await agent.task(id, 'fetch', 'COMPLETED')
    await agent.log(id, 'stdout', [
      { seq: 1, text: 'hello' },
      { seq: 2, text: 'world' },
    ])
    await agent.exit(id, 0)
    const detail = await there.as.runs.get.query({ id })
    expect(detail).toMatchObject({
      state: { name: 'Completed' },
      attempt: 1,
      waiting: null,
      attempts: [{ number: 1, agent: { name: 'box' }, outcome: 'completed', exitCode: 0, infrastructure: { pid: 7 } }],
    })
    const events = await there.as.runs.events.query({ id })
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
    expect(events.filter((event) => event.kind === 'state').map((event) => event.state)).toEqual([
      'Scheduled',
      'Claimed',
      'Running',
      'Completed',
    ])
    expect(await there.as.runs.events.query({ id, after: events.length - 1 })).toHaveLength(1)
    expect(await there.as.runs.tasks.query({ id })).toMatchObject([{ key: 'fetch', state: 'COMPLETED', attempt: 1 }])
    const page = await there.as.runs.logs.query({ id, limit: 1 })
    expect(page).toMatchObject({ lines: [{ text: 'hello', stream: 'stdout', seq: 1 }], cursor: { '1/stdout': 1 }, more: true })
    expect(await there.as.runs.logs.query({ id, cursor: page.cursor })).toMatchObject({
      lines: [{ text: 'world' }],
      cursor: { '1/stdout': 2 },
      more: false,
    })
    expect(await there.as.guide.get.query()).toMatchObject({
      steps: { pool: true, agent: true, deployment: true, run: true },
      deploymentName: 'etl',
    })
  })

  it('merges its streams by time and leaves no line out when a clock jumps back', async () => {
    const there = await api.tenant('clocks')
    await there.as.deployments.register.mutate({ manifest: command('etl') })
    const agent = await createTestAgent(api.engine, { workspaceId: there.workspace.id, poolId: there.pool.id })
    await there.as.runs.create.mutate({ deployment: 'etl' })
    const [id = ''] = await agent.startAll()
    const at = api.clock.now().getTime()
    await agent.log(id, 'stdout', [
      { seq: 1, at: at + 10, text: 'a1' },
      { seq: 2, at: at - 5000, text: 'a2' },
      { seq: 3, at: at + 40, text: 'a3' },
    ])
    await agent.log(id, 'stderr', [
      { seq: 1, at: at + 20, text: 'b1' },
      { seq: 2, at: at + 30, text: 'b2' },
    ])
    const texts: string[] = []
    let cursor = {}
    for (let more = true; more; ) {
      const page = await there.as.runs.logs.query({ id, cursor, limit: 2 })
      texts.push(...page.lines.map((line) => line.text))
      cursor = page.cursor
      more = page.more
    }
    expect(texts).toEqual(['a1', 'a2', 'b1', 'b2', 'a3'])
  })

  it('goes on from its finished tasks when that is asked for, and says what it reuses', async () => {
    const there = await api.tenant('again')
    await there.as.deployments.register.mutate({ manifest: command('etl') })
    const agent = await createTestAgent(api.engine, { workspaceId: there.workspace.id, poolId: there.pool.id })
    await there.as.runs.create.mutate({ deployment: 'etl' })
    await there.as.runs.create.mutate({ deployment: 'etl', name: 'empty' })
    const [id = '', empty = ''] = await agent.startAll()
    await agent.task(id, 'load', 'COMPLETED', { inputHash: 'a'.repeat(64), result: '1' })
    await agent.task(id, 'plot', 'COMPLETED', { notReusable: 'its result contains a Date' })
    await agent.exit(id, 1)
    await agent.exit(empty, 1)
    const reusable = { tasks: 1, others: [{ reason: 'its result contains a Date', tasks: 1 }] }
    expect(await there.as.runs.get.query({ id })).toMatchObject({ state: { name: 'Failed' }, reusable, reuses: false })
    expect(await there.as.runs.tasks.query({ id })).toMatchObject([
      { key: 'load', reusedFrom: null, notReusable: null },
      { key: 'plot', notReusable: 'its result contains a Date' },
    ])
    expect(await codeOf(there.as.runs.retry.mutate({ id, mode: 'half' as 'all' }))).toBe('invalid_input')
    const refusal = await refusalOf(there.as.runs.retry.mutate({ id: empty, mode: 'from-failed' }))
    expect(refusal).toMatchObject({
      code: 'conflict',
      message: 'empty has no result to reuse. No task of it has finished. Retry all of it instead.',
    })
    expect(await there.as.runs.retry.mutate({ id, mode: 'from-failed' })).toMatchObject({ id, state: { name: 'Scheduled' }, reusable })
    expect(await there.as.runs.get.query({ id })).toMatchObject({ reuses: true, reusable: null })
    expect(await there.as.runs.retry.mutate({ id: empty })).toMatchObject({ reusable: null })
  })

  it('is cancelled and run again by those who may', async () => {
    const run = await create({ name: 'again' })
    const viewer = await api.member(home.workspace.id, 'home', 'viewer')
    expect(await codeOf(viewer.as.runs.cancel.mutate({ id: run.id }))).toBe('forbidden')
    expect(await codeOf(home.as.runs.retry.mutate({ id: run.id }))).toBe('conflict')
    expect(await home.as.runs.cancel.mutate({ id: 'again' })).toMatchObject({ state: { name: 'Cancelled' }, waiting: null })
    expect(await codeOf(viewer.as.runs.retry.mutate({ id: run.id }))).toBe('forbidden')
    expect(await home.as.runs.retry.mutate({ id: run.id })).toMatchObject({ id: run.id, state: { name: 'Scheduled' } })
  })
})
