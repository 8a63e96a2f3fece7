import type { LiveChange, RunChange } from '@towline/contract/views'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestAgent } from '../../testing/test-agent.ts'
import { codeOf, command, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
let home: Awaited<ReturnType<TestApi['tenant']>>
let agent: Awaited<ReturnType<typeof createTestAgent>>
beforeAll(async () => {
  api = await startTestApi()
  home = await api.tenant('home')
  await home.as.deployments.register.mutate({ manifest: command('etl') })
  agent = await createTestAgent(api.engine, { workspaceId: home.workspace.id, poolId: home.pool.id })
})
afterAll(() => api.close())

/** Follows a run to its end over server-sent events. */
const watch = (id: string, from: Partial<Pick<RunChange, 'logCursor'>> & { afterEvent?: number } = {}) => {
  const steps: RunChange[] = []
  let stop = (): void => {}
  const ended = new Promise<void>((resolve, reject) => {
    const subscription = home.withKey.runs.watch.subscribe(
      { id, ...from },
      { onData: (step) => steps.push(step), onComplete: resolve, onStopped: resolve, onError: reject },
    )
    stop = () => subscription.unsubscribe()
  })
  return {
    steps,
    ended,
    stop,
    events: () => steps.flatMap((step) => step.events.map((event) => event.seq)),
    states: () => steps.flatMap((step) => step.run?.state.name ?? []),
    lines: () => steps.flatMap((step) => step.logs.map((line) => line.text)),
  }
}

describe('runs.watch', () => {
  it('delivers every event, task and line once and in order, and ends by itself after the last', async () => {
    const run = await home.as.runs.create.mutate({ deployment: 'etl' })
    const seen = watch(run.id)
    await until(() => seen.steps.length > 0)
    await agent.startAll()
    await agent.task(run.id, 'fetch', 'RUNNING')
    for (let seq = 1; seq <= 2500; seq += 500) {
      await agent.log(
        run.id,
        'stdout',
        Array.from({ length: 500 }, (_, index) => ({ seq: seq + index, text: `line ${seq + index}` })),
      )
    }
    await until(() => seen.lines().length === 2500)
    await agent.task(run.id, 'fetch', 'COMPLETED')
    await agent.exit(run.id, 0)
    await agent.log(run.id, 'stderr', [{ seq: 1, text: 'a late last line' }])
    await seen.ended
    expect(seen.lines()).toEqual([...Array.from({ length: 2500 }, (_, index) => `line ${index + 1}`), 'a late last line'])
    const events = await home.as.runs.events.query({ id: run.id })
    expect(seen.events()).toEqual(events.filter((event) => event.kind !== 'task').map((event) => event.seq))
    expect(seen.states().at(-1)).toBe('Completed')
    expect(seen.steps.flatMap((step) => step.tasks.map((task) => task.state)).at(-1)).toBe('COMPLETED')
  })

  it('goes on from where a reader was cut off', async () => {
    const run = await home.as.runs.create.mutate({ deployment: 'etl' })
    await agent.startAll()
    await agent.log(run.id, 'stdout', [
      { seq: 1, text: 'one' },
      { seq: 2, text: 'two' },
    ])
    await agent.exit(run.id, 0)
    const seen = watch(run.id, { afterEvent: 2, logCursor: { '1/stdout': 1 } })
    await seen.ended
    expect(seen.lines()).toEqual(['two'])
    expect(seen.events()[0]).toBe(3)
  })

  it('loses nothing of a run that ends while it is opened', async () => {
    await Promise.all(
      [1, 2, 3, 4, 5].map(async () => {
        const run = await home.as.runs.create.mutate({ deployment: 'etl' })
        const seen = watch(run.id)
        await home.as.runs.cancel.mutate({ id: run.id })
        await seen.ended
        expect(seen.states().at(-1)).toBe('Cancelled')
        const events = await home.as.runs.events.query({ id: run.id })
        expect(seen.events()).toEqual(events.map((event) => event.seq))
      }),
    )
  })

  it('of a run of somebody else is refused', async () => {
    const stranger = await api.tenant('stranger')
    const run = await home.as.runs.create.mutate({ deployment: 'etl' })
    const call = new Promise((resolve, reject) =>
      stranger.as.runs.watch.subscribe({ id: run.id }, { onComplete: () => resolve(null), onError: reject }),
    )
    expect(await codeOf(call)).toBe('not_found')
  })

  it('stops reading when its reader leaves', async () => {
    const run = await home.as.runs.create.mutate({ deployment: 'etl' })
    const seen = watch(run.id)
    await until(() => seen.steps.length > 0)
    seen.stop()
    await seen.ended
  })
})

describe('live.changes', () => {
  it('begins with everything, then names what changed in this workspace only', async () => {
    const other = await api.tenant('neighbour')
    const heard: LiveChange[] = []
    const subscription = home.as.live.changes.subscribe(undefined, { onData: (change) => heard.push(change) })
    await until(() => heard.length === 1)
    expect(heard[0]?.topics).toEqual(['runs', 'pools', 'agents', 'deployments', 'guide', 'limits'])
    await other.as.pools.create.mutate({ name: 'theirs', type: 'docker' })
    const run = await home.as.runs.create.mutate({ deployment: 'etl' })
    await until(() => heard.some((change) => change.runIds?.includes(run.id)))
    expect(heard.slice(1).flatMap((change) => change.topics)).not.toContain('deployments')
    await home.as.deployments.register.mutate({ manifest: command('etl', { description: 'new' }) })
    await until(() => heard.slice(1).some((change) => change.topics.includes('deployments')))
    subscription.unsubscribe()
  })
})
