import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expireLeases } from './expire-leases.ts'
import { promoteDueRuns } from './promote-due-runs.ts'
import { reportStatuses } from './report-statuses.ts'
import { retryRun } from './retry-run.ts'
import { createWorld, exited, killed, LEASE, STARTED, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const FREE = { agent_id: null, lease_expires_at: null }

describe('the whole life of a run', () => {
  it('keeps every step as an event, numbered without a gap, and ends the lease with the run', async () => {
    const [id = ''] = await world.create({ parameters: { day: 'monday' }, variables: { env: { RUN: '1', FROM: 'run' } }, tags: ['b', 'a'] })
    const [spec] = await world.claim()
    expect(spec).toMatchObject({
      runId: id,
      attempt: 1,
      deployment: 'nightly',
      flow: 'etl',
      code: { kind: 'command', command: ['true'] },
      parameters: { day: 'monday' },
      variables: { env: { POOL: '1', RUN: '1', FROM: 'run' } },
      tags: ['a', 'b'],
      timeoutSeconds: null,
    })
    expect(await world.confirm(id, 1)).toEqual({ ok: [{ runId: id, attempt: 1 }], stale: [] })
    await world.report(id, 1, { kind: 'launching', note: 'Pulling the image' })
    world.clock.advance({ seconds: 1 })
    await world.report(id, 1, STARTED)
    world.clock.advance({ seconds: 1 })
    expect(await world.report(id, 1, exited(0))).toBe('accepted')

    expect(await world.run(id)).toMatchObject({ state_type: 'COMPLETED', state_name: 'Completed', event_seq: 6, ...FREE })
    const events = await world.events(id)
    expect(events.map(({ seq, kind, state_name, attempt }) => [seq, kind, state_name, attempt])).toEqual([
      [1, 'state', 'Scheduled', 0],
      [2, 'state', 'Claimed', 1],
      [3, 'attempt', 'Claimed', 1],
      [4, 'state', 'Launching', 1],
      [5, 'state', 'Running', 1],
      [6, 'state', 'Completed', 1],
    ])
    expect(await world.attempts(id)).toMatchObject([
      { number: 1, agent_name: 'a1', outcome: 'completed', exit_code: 0, infrastructure: { pid: 42 } },
    ])
  })

  it('wakes the pool, the watchers and the timer, each by ids and only after the commit', async () => {
    world.published.length = 0
    const [id = ''] = await world.create()
    expect(world.published).toEqual([
      { topic: 'pool', ids: [world.poolId] },
      { topic: 'run', ids: [id] },
    ])
    world.published.length = 0
    await world.claim()
    await world.confirm(id, 1)
    await world.report(id, 1, exited(1))
    expect(world.published.map(({ topic }) => topic)).toEqual(['run', 'run', 'due', 'run'])
    world.clock.advance({ seconds: 10 })
    await promoteDueRuns(world.ctx)
    await world.claim()
    await world.report(id, 2, exited(0))
  })
})

describe('reports', () => {
  it('a repeat of a report is accepted and changes nothing', async () => {
    const [id = ''] = await world.create()
    await world.claim()
    await world.confirm(id, 1)
    const note = (text: string) => ({ kind: 'launching' as const, note: text })
    expect(await world.report(id, 1, note('one'), { reportId: 'x1' })).toBe('accepted')
    expect(await world.report(id, 1, note('two'), { reportId: 'x2' })).toBe('accepted')
    const before = await world.run(id)
    expect(await world.report(id, 1, note('one'), { reportId: 'x1' })).toBe('accepted')
    expect(await world.run(id)).toEqual(before)
    expect((await world.events(id)).length).toBe(before.event_seq)
    await world.report(id, 1, exited(0))
  })

  it('takes several reports of one run in one batch, in their order, and a repeat within it once', async () => {
    const [id = ''] = await world.create()
    await world.claim()
    const item = (reportId: string, status: Parameters<World['report']>[2]) => ({
      agentId: world.agentId,
      workspaceId: world.workspaceId,
      report: { reportId, runId: id, attempt: 1, at: 0, status },
    })
    const outcomes = await reportStatuses(world.ctx, [item('a', STARTED), item('a', STARTED), item('b', exited(0)), item('b', exited(0))])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted', 'accepted'])
    expect((await world.events(id)).map((event) => event.state_name)).toEqual(['Scheduled', 'Claimed', 'Running', 'Completed'])
  })

  it('after the end only facts of the attempt are noted, the first ones stay', async () => {
    const id = await world.running()
    await world.report(id, 1, killed('SIGSEGV'))
    await world.report(id, 1, exited(0))
    expect(await world.run(id)).toMatchObject({ state_name: 'AwaitingRetry', crashes: 1, ...FREE })
    expect(await world.attempts(id)).toMatchObject([{ outcome: 'crashed', signal: 'SIGSEGV', exit_code: 0 }])
    world.clock.advance({ seconds: 10 })
    await promoteDueRuns(world.ctx)
    await world.claim()
    await world.report(id, 2, exited(0))
    const done = await world.run(id)
    expect(await world.report(id, 2, exited(7))).toBe('accepted')
    expect(await world.run(id)).toEqual(done)
  })

  it('a fenced attempt changes nothing, whatever it says', async () => {
    const id = await world.running()
    world.clock.advance({ seconds: LEASE + 1 })
    await expireLeases(world.ctx)
    world.clock.advance({ seconds: 10 })
    await promoteDueRuns(world.ctx)
    expect(await world.claim()).toMatchObject([{ runId: id, attempt: 2 }])
    const before = await world.run(id)
    for (const status of [STARTED, exited(0), exited(1), killed('SIGKILL'), { kind: 'lost' as const, note: 'x' }]) {
      expect(await world.report(id, 1, status)).toBe('stale')
    }
    expect(await world.confirm(id, 1)).toEqual({ ok: [], stale: [{ runId: id, attempt: 1 }] })
    expect(await world.run(id)).toEqual(before)
    await world.report(id, 2, exited(0))
  })

  it('an agent speaks for its own attempts only', async () => {
    const id = await world.running()
    expect(await world.report(id, 1, exited(0), { agentId: '01890000-0000-7000-8000-000000000001' })).toBe('stale')
    expect(await world.run(id)).toMatchObject({ state_name: 'Running' })
    expect(await world.attempts(id)).toMatchObject([{ exit_code: null }])
    await world.report(id, 1, exited(0))
  })

  it("keeps the agent's clock as a fact and orders by the server's", async () => {
    const id = await world.running()
    const now = world.clock.now()
    await world.report(id, 1, exited(0), { at: now.getTime() + 3_600_000 })
    const last = (await world.events(id)).at(-1)
    expect(last).toMatchObject({ state_name: 'Completed', at: now, detail: { agentAt: now.getTime() + 3_600_000 } })
    expect((await world.run(id)).ended_at).toEqual(now)
  })
})

describe('retries', () => {
  it("spends the user's budget on failures, with the delay of the policy, then fails", async () => {
    const id = await world.running()
    await world.report(id, 1, exited(3))
    const waiting = await world.run(id)
    expect(waiting).toMatchObject({
      state_name: 'AwaitingRetry',
      state_message: 'Exited with code 3. Retried as attempt 2 in 10 s (0 of 1 retry left).',
      ready: false,
      failures: 1,
    })
    expect(waiting.due_at.getTime() - world.clock.now().getTime()).toBe(10_000)
    expect(await world.claim()).toEqual([])
    world.clock.advance({ seconds: 10 })
    expect(await promoteDueRuns(world.ctx)).toMatchObject({ promoted: 1 })
    expect(await world.claim()).toMatchObject([{ runId: id, attempt: 2 }])
    await world.report(id, 2, STARTED)
    expect(await world.run(id)).toMatchObject({ state_name: 'Retrying' })
    await world.report(id, 2, exited(4))
    expect(await world.run(id)).toMatchObject({
      state_name: 'Failed',
      state_message: 'Exited with code 4. Not retried: its 1 retry is used up.',
      failures: 1,
      crashes: 0,
      ...FREE,
    })
    expect((await world.attempts(id)).map((attempt) => attempt.exit_code)).toEqual([3, 4])
  })

  it('a hopeless launch is not tried again, and says why', async () => {
    const [id = ''] = await world.create()
    await world.claim()
    await world.report(id, 1, {
      kind: 'failed-to-launch',
      failure: { reason: 'CommandNotFound', message: 'no such command: foo', evidence: 'ENOENT' },
    })
    expect(await world.run(id)).toMatchObject({
      state_name: 'Crashed',
      state_message: 'CommandNotFound: no such command: foo. Not restarted: another attempt would end the same way.',
    })
    expect(await world.attempts(id)).toMatchObject([
      { outcome: 'failed-to-launch', failure: { reason: 'CommandNotFound', evidence: 'ENOENT' } },
    ])
  })

  it('a retry by hand is the same run with its history, the next attempt and whole budgets', async () => {
    const id = await world.running()
    await world.report(id, 1, exited(0))
    expect(await retryRun(world.ctx, { workspaceId: world.workspaceId, runId: id, actor: 'ann' })).toEqual({
      kind: 'accepted',
      state: 'Scheduled',
      reusable: null,
    })
    expect(await world.run(id)).toMatchObject({
      state_name: 'Scheduled',
      ready: true,
      failures: 0,
      ended_at: null,
      started_at: null,
      result: null,
    })
    await expect(retryRun(world.ctx, { workspaceId: world.workspaceId, runId: id, actor: 'ann' })).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await world.report(id, 1, exited(1))).toBe('stale')
    expect(await world.claim()).toMatchObject([{ runId: id, attempt: 2 }])
    await world.report(id, 2, exited(0))
    expect((await world.events(id)).filter((event) => event.state_name === 'Completed').length).toBe(2)
  })
})
