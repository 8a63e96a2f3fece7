import type { PastResult, ReportItem } from '@towline/contract/run-api'
import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getRun } from '../run-views/get-run.ts'
import { listTaskRuns } from '../run-views/list-task-runs.ts'
import { cancelRun } from './cancel-run.ts'
import { expireLeases } from './expire-leases.ts'
import { readTaskResults } from './read-task-results.ts'
import { reportItems } from './report-items.ts'
import { retryRun } from './retry-run.ts'
import { createWorld, exited, killed, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await world.deploy({ name: 'once', retries: { failures: 0, crashes: 0, delaySeconds: 0, factor: 1, jitter: 0 } })
})
afterAll(() => world.close())

type TaskItem = Extract<ReportItem, { kind: 'task' }>
const hash = (letter: string): string => letter.repeat(64)
const at = (): number => world.clock.now().getTime()
const seqs = new Map<string, number>()
const next = (id: string): number => {
  const seq = (seqs.get(id) ?? 0) + 1
  seqs.set(id, seq)
  return seq
}
/** `key: what it reports`, all of them COMPLETED, over the report that the SDK sends. */
const finish = (runId: string, attempt: number, tasks: Record<string, Partial<TaskItem>>) =>
  reportItems(world.ctx, {
    workspaceId: world.workspaceId,
    runId,
    attempt,
    request: {
      logs: [],
      items: Object.entries(tasks).map(([key, more]) => ({
        kind: 'task',
        seq: next(`${runId}/${attempt}`),
        at: at(),
        key,
        name: key.replace(/-\d+$/, ''),
        state: 'COMPLETED',
        try: 1,
        ...more,
      })),
    },
  })
const retry = (runId: string, mode?: 'all' | 'from-failed', workspaceId = world.workspaceId) =>
  retryRun(world.ctx, { workspaceId, runId, actor: 'ann', ...(mode && { mode }) })
const results = (runId: string, attempt: number, cursor: string | null = null, workspaceId = world.workspaceId) =>
  readTaskResults(world.ctx, { workspaceId, runId, attempt, cursor })
const view = (id: string) => getRun(world.ctx, { workspaceId: world.workspaceId, ref: id })
/** The next attempt of the run, started. */
const start = async (id: string) => {
  const spec = (await world.claim()).find((one) => one.runId === id)
  if (!spec) throw new Error('not claimed')
  await world.confirm(id, spec.attempt)
  await world.report(id, spec.attempt, { kind: 'started', infrastructure: {} })
  return spec
}
const failed = async (tasks: Record<string, Partial<TaskItem>>, deployment = 'once'): Promise<string> => {
  const id = await world.running({ deployment })
  await finish(id, 1, tasks)
  await world.report(id, 1, exited(1))
  return id
}

describe('a retry from failed', () => {
  it('gives the next attempt what finished task runs returned, to the byte', async () => {
    const id = await failed({
      a: { inputHash: hash('a'), result: '{"b":1,"a":"\\u0000 \\ud800"}' },
      b: { inputHash: hash('b') },
      c: { inputHash: hash('c'), notReusable: 'its result contains a Date' },
      d: { notReusable: 'its arguments contain a function' },
      e: { inputHash: hash('e'), state: 'FAILED', result: '1' },
    })
    expect((await view(id)).reusable).toEqual({
      tasks: 2,
      others: [
        { reason: 'its arguments contain a function', tasks: 1 },
        { reason: 'its result contains a Date', tasks: 1 },
      ],
    })
    expect(await retry(id, 'from-failed')).toMatchObject({ state: 'Scheduled', reusable: { tasks: 2 } })
    expect((await world.run(id)).state_message).toBe('Retried from failed by ann')
    expect(await start(id)).toMatchObject({ attempt: 2, reuse: true })
    expect(await results(id, 2)).toEqual({
      next: null,
      results: [
        { key: 'a', name: 'a', inputHash: hash('a'), attempt: 1, result: '{"b":1,"a":"\\u0000 \\ud800"}', alone: true },
        { key: 'b', name: 'b', inputHash: hash('b'), attempt: 1, result: null, alone: true },
      ],
    })
    await world.report(id, 2, exited(0))
    expect(await view(id)).toMatchObject({ state: { name: 'Completed' }, reuses: true, reusable: null })
  })

  it('goes on from one that took results over: they come from the attempt that executed them', async () => {
    const id = await failed({ a: { inputHash: hash('a'), result: '1' } })
    await retry(id, 'from-failed')
    await start(id)
    await finish(id, 2, { a: { inputHash: hash('a'), reusedFrom: 1 }, b: { inputHash: hash('b'), result: '2' } })
    await world.report(id, 2, killed('SIGKILL'))
    expect(await view(id)).toMatchObject({ state: { name: 'Crashed' }, reusable: { tasks: 2, others: [] } })
    await retry(id, 'from-failed')
    await start(id)
    expect((await results(id, 3)).results.map(({ key, attempt, result }) => [key, attempt, result])).toEqual([
      ['a', 1, '1'],
      ['b', 2, '2'],
    ])
    const shown = await listTaskRuns(world.ctx, { workspaceId: world.workspaceId, runId: id, attempt: 2 })
    expect(shown.map(({ key, reusedFrom }) => [key, reusedFrom])).toEqual([
      ['a', 1],
      ['b', null],
    ])
    await world.report(id, 3, exited(1))
  })

  it('the newest result counts, for each inputs of a key', async () => {
    const id = await failed({ a: { inputHash: hash('a'), result: '"old"' }, b: { inputHash: hash('b'), result: '"kept"' } })
    await retry(id)
    await start(id)
    await finish(id, 2, { a: { inputHash: hash('a'), result: '"new"' }, b: { inputHash: hash('c'), result: '"other inputs"' } })
    await world.report(id, 2, exited(1))
    await retry(id, 'from-failed')
    await start(id)
    expect((await results(id, 3)).results.map(({ key, attempt, result }) => [key, attempt, result])).toEqual([
      ['a', 2, '"new"'],
      ['b', 1, '"kept"'],
      ['b', 2, '"other inputs"'],
    ])
    await world.report(id, 3, exited(1))
  })

  it('what failed when it ran again is run, whatever it returned before', async () => {
    const id = await failed({ a: { inputHash: hash('a'), result: '"old"' }, b: { inputHash: hash('b'), result: '"kept"' } })
    await retry(id)
    await start(id)
    await finish(id, 2, { a: { inputHash: hash('a'), state: 'FAILED' }, b: { inputHash: hash('d'), state: 'FAILED' } })
    await world.report(id, 2, exited(1))
    expect((await view(id)).reusable).toMatchObject({ tasks: 1 })
    await retry(id, 'from-failed')
    await start(id)
    expect((await results(id, 3)).results.map(({ key, result }) => [key, result])).toEqual([['b', '"kept"']])
    await world.report(id, 3, exited(1))
  })

  it('also where calls that race each other changed their keys', async () => {
    const id = await failed({ c: { inputHash: hash('c'), result: '"old"' }, 'c-2': { inputHash: hash('d'), result: '"kept"' } })
    await retry(id)
    await start(id)
    await finish(id, 2, { 'c-2': { inputHash: hash('c'), state: 'FAILED' } })
    await world.report(id, 2, exited(1))
    await retry(id, 'from-failed')
    await start(id)
    expect((await results(id, 3)).results.map(({ key, result }) => [key, result])).toEqual([['c-2', '"kept"']])
    await world.report(id, 3, exited(1))
  })

  it('task runs of a name with the same inputs are not alone', async () => {
    const id = await failed({
      roll: { inputHash: hash('a'), result: '1' },
      'roll-2': { inputHash: hash('a'), state: 'FAILED' },
      'roll-3': { inputHash: hash('b'), result: '3' },
      other: { inputHash: hash('a'), result: '4' },
    })
    await retry(id, 'from-failed')
    await start(id)
    expect((await results(id, 2)).results.map(({ key, alone }) => [key, alone])).toEqual([
      ['other', true],
      ['roll', false],
      ['roll-3', true],
    ])
    await world.report(id, 2, exited(1))
  })

  it.each(['failed', 'timed out', 'crashed', 'lost', 'cancelled'])('continues a run that %s', async (how) => {
    const id = await world.running({ deployment: 'once' })
    await finish(id, 1, { a: { inputHash: hash('a'), result: '1' } })
    if (how === 'failed') await world.report(id, 1, exited(1))
    if (how === 'timed out') await world.report(id, 1, exited(1, 'timeout'))
    if (how === 'crashed') await world.report(id, 1, killed('SIGSEGV'))
    if (how === 'lost') {
      world.clock.advance({ seconds: 41 })
      await expireLeases(world.ctx)
    }
    if (how === 'cancelled') {
      await cancelRun(world.ctx, { workspaceId: world.workspaceId, runId: id, actor: 'ann' })
      await world.report(id, 1, exited(143, 'cancel'))
    }
    await retry(id, 'from-failed')
    expect(await start(id)).toMatchObject({ attempt: 2, reuse: true })
    expect((await results(id, 2)).results).toHaveLength(1)
    await world.report(id, 2, exited(0))
  })

  it('holds for the automatic retries and restarts of its life, and a plain retry ends it', async () => {
    const id = await failed({ a: { inputHash: hash('a'), result: '1' } }, 'nightly')
    world.clock.advance({ seconds: 11 })
    const promote = async () => await world.query('update run set ready = true, due_at = $2 where id = $1', [id, world.clock.now()])
    await promote()
    expect(await start(id)).not.toHaveProperty('reuse')
    await world.report(id, 2, exited(1))
    await retry(id, 'from-failed')
    expect(await start(id)).toMatchObject({ attempt: 3, reuse: true })
    await world.report(id, 3, exited(1))
    await promote()
    expect(await start(id)).toMatchObject({ attempt: 4, reuse: true })
    await world.report(id, 4, killed('SIGKILL'))
    await promote()
    expect(await start(id)).toMatchObject({ attempt: 5, reuse: true })
    await world.report(id, 5, exited(1))
    expect(await view(id)).toMatchObject({ reuses: true, state: { name: 'Failed' } })
    await retry(id)
    expect(await start(id)).not.toHaveProperty('reuse')
    expect(await view(id)).toMatchObject({ reuses: false })
    await world.report(id, 6, exited(0))
  })

  it('is refused where there is nothing to go on from, in words, and changes nothing', async () => {
    const none = await failed({})
    const unkept = await failed({ a: { notReusable: 'storeResult of the task is false' }, b: {} })
    const done = await world.running({ deployment: 'once' })
    await finish(done, 1, { a: { inputHash: hash('a'), result: '1' } })
    expect((await view(done)).reusable).toBeNull()
    await expect(retry(done, 'from-failed')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/has not ended yet/),
    })
    await world.report(done, 1, exited(0))
    const before = await Promise.all([none, unkept, done].map((id) => world.run(id)))
    await expect(retry(none, 'from-failed')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/has no result to reuse\. No task of it has finished\. Retry all of it instead\.$/),
    })
    await expect(retry(unkept, 'from-failed')).rejects.toMatchObject({
      message: expect.stringMatching(
        /2 finished tasks run again: storeResult of the task is false \(1\), the SDK that ran it keeps no results \(1\)\./,
      ),
    })
    await expect(retry(done, 'from-failed')).rejects.toMatchObject({
      message: expect.stringMatching(/has completed: nothing of it failed/),
    })
    expect(await Promise.all([none, unkept, done].map((id) => world.run(id)))).toEqual(before)
    expect((await view(none)).reusable).toBeNull()
    await expect(retry(unkept, 'from-failed', newId())).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('results of task runs', () => {
  it('are for the attempt that holds the lease: not for one that was replaced, has ended, or is of another workspace', async () => {
    const id = await failed({ a: { inputHash: hash('a'), result: '1' } })
    const stale = { code: 'stale_attempt' }
    await expect(results(id, 1)).rejects.toMatchObject(stale)
    await retry(id, 'from-failed')
    await expect(results(id, 2)).rejects.toMatchObject(stale)
    await start(id)
    await expect(results(id, 1)).rejects.toMatchObject(stale)
    await expect(results(id, 3)).rejects.toMatchObject(stale)
    await expect(results(id, 2, null, newId())).rejects.toMatchObject(stale)
    await expect(results(newId(), 2)).rejects.toMatchObject(stale)
    expect((await results(id, 2)).results).toHaveLength(1)
    await world.report(id, 2, exited(0))
    await expect(results(id, 2)).rejects.toMatchObject(stale)
  })

  it('an attempt that was replaced writes none', async () => {
    const id = await failed({ a: { inputHash: hash('a'), result: '1' } })
    await retry(id, 'from-failed')
    await start(id)
    expect(
      await finish(id, 1, { b: { inputHash: hash('b'), result: '"zombie"' }, a: { inputHash: hash('a'), result: '"zombie"' } }),
    ).toMatchObject({ stop: { reason: 'stale' } })
    expect((await results(id, 2)).results.map(({ key, result }) => [key, result])).toEqual([['a', '1']])
    await world.report(id, 2, exited(0))
  })

  it('that are too large, and marks that cannot be, cost the result and not the report', async () => {
    const id = await failed({
      large: { inputHash: hash('a'), result: `"${'é'.repeat(40_000)}"` },
      odd: { inputHash: hash('b'), reusedFrom: 7, result: '1' },
    })
    expect(await listTaskRuns(world.ctx, { workspaceId: world.workspaceId, runId: id, attempt: 1 })).toMatchObject([
      { key: 'large', state: 'COMPLETED', notReusable: 'its result is larger than 64 KiB' },
      { key: 'odd', state: 'COMPLETED', reusedFrom: null },
    ])
  })

  it('come in pages: each of 10,000 once, and never much more than a megabyte at a time', async () => {
    const id = await failed({ first: { inputHash: hash('a'), result: '1' } })
    await world.query(
      `insert into task_run (run_id, attempt, key, workspace_id, name, state, created_at, input_hash, result)
       select $1, 1, 'many-' || n, $2, 'many', 'COMPLETED', now(), sha256(n::text::bytea), to_json(repeat('x', n % 3000))::text
       from generate_series(1, 10000) n`,
      [id, world.workspaceId],
    )
    // Plans that were made for the handful of rows before are thrown away, as autovacuum does it elsewhere.
    await world.admin('analyze task_run')
    expect((await view(id)).reusable).toEqual({ tasks: 10_001, others: [] })
    await retry(id, 'from-failed')
    await start(id)
    const seen: PastResult[] = []
    let pages = 0
    for (let cursor: string | null = null; ; ) {
      const page = await results(id, 2, cursor)
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(1.5 * 1024 * 1024)
      seen.push(...page.results)
      pages++
      cursor = page.next
      if (cursor === null) break
    }
    expect(pages).toBeGreaterThan(10)
    expect(new Set(seen.map((one) => one.key)).size).toBe(10_001)
    expect(seen).toHaveLength(10_001)
    expect(seen.find((one) => one.key === 'many-2999')?.result).toBe(`"${'x'.repeat(2999)}"`)
    await expect(results(id, 2, 'bad cursor')).rejects.toMatchObject({ code: 'invalid_input' })
    await world.report(id, 2, exited(0))
  })
})
