import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolveRun } from '../run-views/resolve-run.ts'
import { appendLogs } from '../runs/append-logs.ts'
import { cancelRun } from '../runs/cancel-run.ts'
import { ensurePartitions } from '../runs/ensure-partitions.ts'
import { createWorld, exited, type World } from '../runs/test-world.ts'
import { dropDays } from './drop-days.ts'
import { forgetRuns } from './forget-runs.ts'

const KEPT = { keptDays: 30 }
let world: World
beforeEach(async () => {
  world = await createWorld()
  world.clock.set('2025-03-10T12:00:00.000Z')
  await ensurePartitions(world.ctx)
})
afterEach(() => world.close())

const days = (n: number) => world.clock.advance({ days: n })
const ended = async (): Promise<string> => {
  const id = await world.running()
  await world.report(id, 1, exited(0))
  return id
}
const say = (runId: string, ...texts: string[]) =>
  appendLogs(world.ctx, [
    {
      workspaceId: world.workspaceId,
      runId,
      attempt: 1,
      stream: 'stdout',
      lines: texts.map((text, n) => ({ seq: n + 1, at: world.clock.now().getTime(), text })),
    },
  ])
const linesOf = async (runId: string): Promise<string[]> =>
  (await world.query<{ text: string }>('select text from log_line where run_id = $1 order by seq', [runId])).map((row) => row.text)
const runs = async (): Promise<string[]> => (await world.query<{ id: string }>('select id from run order by id')).map((row) => row.id)
const partitions = async (): Promise<string[]> =>
  (
    await world.query<{ name: string }>(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'run_event'::regclass and inhrelid::regclass::text like 'run_event_2025%' order by 1",
    )
  ).map((row) => row.name)

const rowsIn = async (table: string): Promise<number> => (await world.query(`select 1 from ${table} where run_day < '2025-04-01'`)).length

describe('forgetting runs', () => {
  it('takes those that ended before the days that are kept, with their attempts, so many at a time', async () => {
    const old = [await ended(), await ended(), await ended()]
    days(31)
    const young = await ended()
    expect(await forgetRuns(world.ctx, { ...KEPT, batch: 2 })).toEqual({ forgotten: 2, more: true })
    expect(await forgetRuns(world.ctx, { ...KEPT, batch: 2 })).toEqual({ forgotten: 1, more: false })
    expect(await runs()).toEqual([young])
    expect(await world.attempts(old[0] ?? '')).toEqual([])
    await expect(resolveRun(world.ctx, { workspaceId: world.workspaceId, ref: old[0] ?? '' })).rejects.toThrow('kept for a limited time')
  })

  it('keeps the last of the days to the whole day, and what is unfinished, and what was made long ago and ended lately', async () => {
    const unfinished = await world.running()
    const lately = await world.running()
    days(20)
    await world.report(lately, 1, exited(0))
    const [edge = ''] = await world.create()
    await cancelRun(world.ctx, { workspaceId: world.workspaceId, runId: edge, actor: 'ann' })
    days(29)
    world.clock.advance({ hours: 11, minutes: 59 })
    expect(await forgetRuns(world.ctx, KEPT)).toEqual({ forgotten: 0, more: false })
    world.clock.advance({ minutes: 2, days: 1 })
    expect(await forgetRuns(world.ctx, KEPT)).toEqual({ forgotten: 2, more: false })
    expect(await runs()).toEqual([unfinished])
  })

  it('passes over a run that somebody changes at the moment, and takes it later', async () => {
    const id = await ended()
    days(40)
    const client = await world.db.enginePool.connect()
    await client.query('begin')
    await client.query('select 1 from run where id = $1 for update', [id])
    expect(await forgetRuns(world.ctx, KEPT)).toEqual({ forgotten: 0, more: false })
    await client.query('rollback')
    client.release()
    expect(await forgetRuns(world.ctx, KEPT)).toEqual({ forgotten: 1, more: false })
  })

  it('is done by one scheduler at a time', async () => {
    for (let n = 0; n < 6; n++) await ended()
    days(40)
    const rounds = await Promise.all([world.ctx, world.another(), world.another()].map((ctx) => forgetRuns(ctx, KEPT)))
    expect(rounds.reduce((sum, round) => sum + round.forgotten, 0)).toBe(6)
    expect(await runs()).toEqual([])
  })
})

describe('dropping days', () => {
  it('drops whole days of events and of log lines before those that are kept, and no other', async () => {
    const id = await ended()
    await say(id, 'a', 'b')
    days(35)
    await forgetRuns(world.ctx, KEPT)
    const kept = (await partitions()).filter((name) => name >= 'run_event_20250315')
    expect(await dropDays(world.ctx, KEPT)).toEqual({ dropped: 12, inUse: 0, busy: false })
    expect(await partitions()).toEqual(kept)
    expect([await rowsIn('run_event'), await rowsIn('log_line')]).toEqual([0, 0])
    expect(await dropDays(world.ctx, KEPT)).toEqual({ dropped: 0, inUse: 0, busy: false })
  })

  it('keeps whole what a run has said that is still there; it goes on, and is forgotten with all its rows', async () => {
    const gone = await ended()
    const there = await world.running()
    await say(gone, 'gone')
    await say(there, 'one', 'two')
    days(40)
    await forgetRuns(world.ctx, KEPT)
    const before = await world.events(there)
    expect(await dropDays(world.ctx, KEPT)).toMatchObject({ inUse: 0, busy: false })
    expect((await partitions()).filter((name) => name < 'run_event_20250401')).toEqual([])
    expect(await world.events(there)).toEqual(before)
    expect(await linesOf(there)).toEqual(['one', 'two'])
    expect(await linesOf(gone)).toEqual([])

    await say(there, 'one', 'two', 'three')
    await world.report(there, 1, exited(0))
    expect(await linesOf(there)).toEqual(['one', 'two', 'three'])
    expect((await world.events(there)).length).toBeGreaterThan(before.length)
    days(31)
    expect(await forgetRuns(world.ctx, KEPT)).toEqual({ forgotten: 1, more: false })
    expect([await rowsIn('run_event'), await rowsIn('log_line')]).toEqual([0, 0])
  })

  it('leaves a day in which too much belongs to runs that are still there', async () => {
    const there = await world.running()
    await say(there, 'one', 'two', 'three')
    days(40)
    const all = (await partitions()).length
    expect(await dropDays(world.ctx, { ...KEPT, mostMoved: 2 })).toMatchObject({ inUse: 2, busy: false })
    expect((await partitions()).length).toBe(1)
    expect(all).toBeGreaterThan(1)
    expect(await linesOf(there)).toEqual(['one', 'two', 'three'])
  })

  it('gives up behind a long query, changes nothing, and drops later', async () => {
    const id = await ended()
    await say(id, 'a')
    days(40)
    await forgetRuns(world.ctx, KEPT)
    const before = await partitions()
    const reader = await world.db.enginePool.connect()
    await reader.query('begin')
    await reader.query('select count(*) from log_line')
    expect(await dropDays(world.ctx, KEPT)).toEqual({ dropped: 0, inUse: 0, busy: true })
    expect(await partitions()).toEqual(before)
    await reader.query('rollback')
    reader.release()
    expect(await dropDays(world.ctx, KEPT)).toMatchObject({ inUse: 0, busy: false })
    expect((await partitions()).length).toBeLessThan(before.length)
  })

  it('is for the engine alone, and for the two histories alone', async () => {
    const drop = (table: string) => `select towline_drop_day('${table}', '2025-03-10', '{}', 1)`
    await expect(world.db.apiPool.query(drop('run_event'))).rejects.toThrow('permission denied')
    await expect(world.query(drop('run'))).rejects.toThrow('no such history')
  })
})
