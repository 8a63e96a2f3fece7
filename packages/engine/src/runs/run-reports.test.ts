import type { ReportItem, ReportRequest } from '@towline/contract/run-api'
import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendLogs } from './append-logs.ts'
import { cancelRun } from './cancel-run.ts'
import { expireLeases } from './expire-leases.ts'
import { readBundle } from './read-bundle.ts'
import { reportItems } from './report-items.ts'
import { createWorld, exited, LEASE, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const send = (runId: string, request: Partial<ReportRequest>, attempt = 1, workspaceId = world.workspaceId) =>
  reportItems(world.ctx, { workspaceId, runId, attempt, request: { items: [], logs: [], ...request } })
const at = (): number => world.clock.now().getTime()
const task = (seq: number, key: string, state: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'PENDING', more: object = {}): ReportItem => ({
  kind: 'task',
  seq,
  at: at(),
  key,
  name: key,
  state,
  try: 1,
  ...more,
})
const line = (seq: number, text = `line ${seq}`) => ({ seq, at: at(), text })
const tasksOf = (id: string) => world.query<Record<string, unknown>>('select * from task_run where run_id = $1 order by key', [id])
const linesOf = (id: string) =>
  world.query<{ seq: number; text: string }>('select seq, text from log_line where run_id = $1 order by stream, seq', [id])

describe('reportItems', () => {
  it('takes a run from its start to its result, with task runs and their edges', async () => {
    const [id = ''] = await world.create()
    await world.claim()
    await world.confirm(id, 1)
    const first = await send(id, {
      items: [
        { kind: 'run.running', seq: 1, at: at() },
        task(2, 'a', 'RUNNING', { tags: ['gpu'] }),
        task(3, 'a', 'COMPLETED'),
        task(4, 'b', 'RUNNING', { dependsOn: ['a'] }),
      ],
      logs: [line(1), line(2)],
    })
    expect(first).toEqual({ itemSeq: 4, logSeq: 2, stop: null })
    const last = await send(id, { items: [task(5, 'b', 'COMPLETED'), { kind: 'run.completed', seq: 6, at: at(), result: { rows: 7 } }] })
    expect(last).toEqual({ itemSeq: 6, logSeq: 0, stop: null })
    expect(await world.run(id)).toMatchObject({ state_name: 'Completed', result: { rows: 7 }, lease_expires_at: null })
    expect(await tasksOf(id)).toMatchObject([
      { key: 'a', state: 'COMPLETED', tags: ['gpu'], depends_on: [] },
      { key: 'b', state: 'COMPLETED', depends_on: ['a'] },
    ])
    const events = await world.events(id)
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
    expect(events.filter((event) => event.kind === 'task').map((event) => event.detail?.key)).toEqual(['a', 'a', 'b', 'b'])
    await world.report(id, 1, exited(0))
    expect(await world.attempts(id)).toMatchObject([{ outcome: 'completed', exit_code: 0, item_seq: 6 }])
  })

  it('takes a repeated batch once, and stops at a gap', async () => {
    const id = await world.running()
    const batch = { items: [task(1, 'a', 'RUNNING'), task(2, 'a', 'COMPLETED')] }
    await send(id, batch)
    const before = await world.run(id)
    expect(await send(id, batch)).toMatchObject({ itemSeq: 2 })
    expect(await send(id, { items: [task(4, 'a', 'FAILED')] })).toMatchObject({ itemSeq: 2 })
    expect(await world.run(id)).toEqual(before)
    expect(await tasksOf(id)).toMatchObject([{ state: 'COMPLETED' }])
    await world.report(id, 1, exited(0))
  })

  it('tells a cancelled, a fenced and an unknown attempt to stop', async () => {
    const id = await world.running()
    await cancelRun(world.ctx, { workspaceId: world.workspaceId, runId: id, actor: 'ann' })
    expect(await send(id, { items: [task(1, 'a', 'RUNNING')] })).toMatchObject({
      itemSeq: 1,
      stop: { reason: 'cancelled', message: 'Cancelled by ann' },
    })
    expect(await send(id, { items: [task(1, 'z', 'RUNNING')] }, 7)).toMatchObject({ stop: { reason: 'stale' } })
    await world.report(id, 1, exited(143, 'cancel'))
    expect(await tasksOf(id)).toMatchObject([{ key: 'a', state: 'CANCELLED', message: 'Its attempt ended first' }])
    await expect(send(newId(), {})).rejects.toMatchObject({ code: 'not_found' })
    await expect(send(id, {}, 1, newId())).rejects.toMatchObject({ code: 'not_found' })
  })

  it('of an attempt that has ended it takes how task runs ended, and none that begins', async () => {
    const id = await world.running()
    await send(id, { items: [task(1, 'a', 'RUNNING')] })
    world.clock.advance({ seconds: LEASE + 1 })
    await expireLeases(world.ctx)
    expect(await send(id, { items: [task(2, 'a', 'COMPLETED'), task(3, 'b', 'RUNNING')] })).toMatchObject({
      itemSeq: 3,
      stop: { reason: 'stale' },
    })
    expect(await tasksOf(id)).toMatchObject([{ key: 'a', state: 'COMPLETED' }])
    expect((await send(id, { items: [task(4, 'b', 'FAILED')] })).itemSeq).toBe(4)
    expect(await tasksOf(id)).toMatchObject([{ key: 'a' }, { key: 'b', state: 'FAILED' }])
  })

  it('a failure spends the budget of the user and keeps its text', async () => {
    const id = await world.running()
    await send(id, { items: [{ kind: 'run.failed', seq: 1, at: at(), message: 'TypeError: x', error: 'stack', timedOut: false }] })
    expect(await world.run(id)).toMatchObject({ state_name: 'AwaitingRetry', failures: 1 })
    expect((await world.events(id)).at(-1)).toMatchObject({
      message: 'TypeError: x. Retried as attempt 2 in 10 s (0 of 1 retry left).',
      detail: { error: 'stack' },
    })
    expect(await world.report(id, 1, exited(1))).toBe('stale')
    expect(await world.attempts(id)).toMatchObject([{ outcome: 'failed', exit_code: 1 }])
  })

  it('a result that is too large fails the run where its author looks', async () => {
    const id = await world.running()
    await send(id, { items: [{ kind: 'run.completed', seq: 1, at: at(), result: 'x'.repeat(70_000) }] })
    expect((await world.run(id)).state_message).toMatch(/^The result has 70002 bytes; at most 65536 are kept/)
  })

  it('puts the times of a wrong clock on the server time and keeps their distances', async () => {
    const id = await world.running()
    const wrong = at() + 7_200_000
    await send(id, {
      items: [
        { ...task(1, 'a', 'RUNNING'), at: wrong - 1500 },
        { ...task(2, 'a', 'COMPLETED'), at: wrong },
      ],
    })
    const [row] = await tasksOf(id)
    expect([row?.started_at, row?.ended_at]).toEqual([new Date(at() - 1500), new Date(at())])
    await world.report(id, 1, exited(0))
  })

  it('shares a transaction among runs that report at the same time', async () => {
    const runs = await world.create(...Array.from({ length: 20 }, () => ({})))
    await world.claim()
    const answers = await Promise.all(
      runs.map((id) =>
        send(id, {
          items: [
            { kind: 'run.running', seq: 1, at: at() },
            { kind: 'run.completed', seq: 2, at: at() },
          ],
        }),
      ),
    )
    expect(answers.every((answer) => answer.itemSeq === 2)).toBe(true)
    const states = await world.query<{ state_name: string }>('select distinct state_name from run where id = any($1)', [runs])
    expect(states).toEqual([{ state_name: 'Completed' }])
  })
})

describe('appendLogs', () => {
  const append = (runId: string, seqs: number[], ctx = world.ctx, workspaceId = world.workspaceId) =>
    appendLogs(ctx, [{ workspaceId, runId, attempt: 1, stream: 'stdout', lines: seqs.map((seq) => line(seq)) }])

  it('stores each line once and acknowledges up to the first gap, whatever order and repeats they come in', async () => {
    const id = await world.running()
    expect(await append(id, [1, 2, 3])).toEqual([3])
    expect(await append(id, [2, 3, 4])).toEqual([4])
    expect(await append(id, [8, 7])).toEqual([4])
    expect(await append(id, [6])).toEqual([4])
    expect(await append(id, [5])).toEqual([8])
    expect(await append(id, [9])).toEqual([9])
    expect((await linesOf(id)).map((one) => one.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('a second process knows where the stream stands', async () => {
    const id = await world.running()
    await append(id, [1, 2, 3])
    const other = world.another()
    expect(await append(id, [4, 5], other)).toEqual([5])
    expect(await append(id, [7], other)).toEqual([5])
    expect(await append(id, [6])).toEqual([7])
  })

  it('stores nothing for the run of another tenant, an unknown run or a coming attempt', async () => {
    const id = await world.running()
    expect(await append(id, [1], world.ctx, newId())).toEqual([1])
    expect(await append(newId(), [1, 2])).toEqual([2])
    expect(
      await appendLogs(world.ctx, [{ workspaceId: world.workspaceId, runId: id, attempt: 2, stream: 'stdout', lines: [line(1)] }]),
    ).toEqual([1])
    expect(await linesOf(id)).toEqual([])
  })

  it('stores what terminals print, and times that no calendar knows', async () => {
    const id = await world.running()
    const lines = [
      { seq: 1, at: Number.MAX_VALUE, text: 'nul \0 and \ud83d half' },
      { seq: 2, at: -1e18, text: '✓' },
    ]
    expect(await appendLogs(world.ctx, [{ workspaceId: world.workspaceId, runId: id, attempt: 1, stream: 'stderr', lines }])).toEqual([2])
    expect(await linesOf(id)).toEqual([
      { seq: 1, text: 'nul \uFFFD and \uFFFD half' },
      { seq: 2, text: '✓' },
    ])
  })
})

describe('readBundle', () => {
  it('gives the code of the run, in its own workspace only', async () => {
    const sha256 = 'a'.repeat(64)
    await world.deploy({ name: 'bundled', code: { kind: 'bundle', sha256, sizeBytes: 4, flow: 'etl' } })
    const [id = ''] = await world.create({ deployment: 'bundled' })
    const read = (workspaceId: string) => readBundle(world.ctx, { workspaceId, runId: id })
    await expect(read(world.workspaceId)).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('not stored') })
    await world.query('insert into bundle (workspace_id, sha256, size_bytes, content) values ($1, $2, 4, $3)', [
      world.workspaceId,
      sha256,
      Buffer.from('code'),
    ])
    expect(await read(world.workspaceId)).toEqual({ sha256, content: Buffer.from('code') })
    await expect(read(newId())).rejects.toMatchObject({ code: 'not_found' })
  })
})
