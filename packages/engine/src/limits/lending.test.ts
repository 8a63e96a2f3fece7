import type { ReportItem } from '@towline/contract/run-api'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reportItems } from '../runs/report-items.ts'
import { createWorld, exited, STARTED, type World } from '../runs/test-world.ts'
import { checkLedger } from './check-ledger.ts'
import { getLimit } from './get-limit.ts'
import { releaseTaskSlots } from './release-task-slots.ts'
import { requestTaskSlots } from './request-task-slots.ts'
import { setLimit } from './set-limit.ts'
import { slotNotice } from './slot-notice.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.query('delete from run')
  await world.query('delete from concurrency_limit')
  await set(1)
})

const DB = { kind: 'tag', tag: 'db' } as const
const set = (slots: number) => setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', limit: DB, slots })
const used = async () => (await getLimit(world.ctx, { workspaceId: world.workspaceId, limit: DB })).used
const ask = async (runId: string, key: string, { within = [], weight = 1 }: { within?: string[]; weight?: number } = {}) => {
  const request = { key, slots: { db: weight }, priority: 0, within }
  return (await requestTaskSlots(world.ctx, { workspaceId: world.workspaceId, runId, attempt: 1, request })).granted
}
const free = (runId: string, key: string) => releaseTaskSlots(world.ctx, { workspaceId: world.workspaceId, runId, attempt: 1, key })
const task = (seq: number, key: string, state: 'RUNNING' | 'COMPLETED'): ReportItem => {
  const at = world.clock.now().getTime()
  return { seq, kind: 'task', key, name: key, state, try: 1, at }
}
const start = async (...tags: string[]): Promise<string> => {
  const [id = ''] = await world.create({ tags })
  const [spec] = await world.claim()
  if (spec?.runId !== id) throw new Error('The run was not claimed')
  await world.report(id, 1, STARTED)
  return id
}
const problems = async () => (await checkLedger(world.ctx, { workspaceId: world.workspaceId })).problems

describe('a run that holds a slot of a tag', () => {
  it('lends it to its tasks with that tag, one after the other: it never waits for itself', async () => {
    const run = await start('db')
    expect([await ask(run, 'a'), await ask(run, 'b')]).toEqual([true, false])
    expect(await used()).toBe(1)
    world.published.length = 0
    await free(run, 'a')
    expect(world.published.flatMap(({ topic, ids }) => (topic === 'slots' ? ids : []))).toEqual([slotNotice(run, 'b')])
    expect(await ask(run, 'b')).toBe(true)
    expect(await problems()).toEqual([])
  })

  it('keeps it for itself: nobody else is let in by what its tasks give back', async () => {
    const run = await start('db')
    const [other = ''] = await world.create({ tags: ['db'] })
    await ask(run, 'a')
    await free(run, 'a')
    expect(await world.claim()).toEqual([])
    await world.report(run, 1, exited(0))
    expect((await world.claim()).map((spec) => spec.runId)).toEqual([other])
  })

  it('does so past a line of others, and where the limit was paused meanwhile', async () => {
    const run = await start('db')
    await world.create({ tags: ['db'] })
    await world.claim()
    expect(await ask(run, 'a')).toBe(true)
    await free(run, 'a')
    await set(0)
    expect(await ask(run, 'a')).toBe(true)
  })

  it('does so where the limit was lowered below its use: that is one too many to nobody', async () => {
    await set(2)
    const run = await start('db')
    await start('db')
    await set(1)
    world.clock.advance({ seconds: 1 })
    expect(await ask(run, 'a')).toBe(true)
    expect(await used()).toBe(2)
    expect(await problems()).toEqual([])
  })

  it('takes the rest of what a heavier task needs from the limit', async () => {
    await set(2)
    const run = await start('db')
    expect(await ask(run, 'a', { weight: 2 })).toBe(true)
    expect(await used()).toBe(2)
    const other = await start()
    expect(await ask(other, 'x')).toBe(false)
    await free(run, 'a')
    expect([await used(), await ask(other, 'x')]).toEqual([1, true])
    expect(await ask(run, 'a', { weight: 3 })).toBe(false)
    expect(await problems()).toEqual([])
  })

  it('counts each start of a rate', async () => {
    await setLimit(world.ctx, {
      workspaceId: world.workspaceId,
      actor: 'ann',
      limit: DB,
      slots: null,
      rate: { count: 2, windowSeconds: 60 },
    })
    const run = await start('db')
    expect([await ask(run, 'a'), await ask(run, 'b')]).toEqual([true, false])
  })
})

describe('a task run that holds a slot', () => {
  it('lends it to the task runs inside it, and to no others', async () => {
    const run = await start()
    expect([await ask(run, 'a'), await ask(run, 'b'), await ask(run, 'a/c', { within: ['a'] })]).toEqual([true, false, true])
    expect(await ask(run, 'a/c/d', { within: ['a', 'a/c'] })).toBe(true)
    expect(await used()).toBe(1)
  })

  it('is back for those inside it whoever stands before them: one outside, or one that needs more', async () => {
    await set(2)
    const run = await start()
    await ask(run, 'x', { weight: 2 })
    const inside = { within: ['x'] }
    expect([
      await ask(run, 'x/p', { ...inside, weight: 2 }),
      await ask(run, 'outside'),
      await ask(run, 'x/heavy', { ...inside, weight: 2 }),
    ]).toEqual([true, false, false])
    expect(await ask(run, 'x/q', inside)).toBe(false)
    world.published.length = 0
    await free(run, 'x/p')
    const told = world.published.flatMap(({ topic, ids }) => (topic === 'slots' ? ids : []))
    expect(told).toEqual(expect.arrayContaining(['x/heavy', 'x/q'].map((key) => slotNotice(run, key))))
  })

  it('leaves it to whoever uses it when it ends first: what is in use stays in use', async () => {
    const run = await start()
    await ask(run, 'a')
    await ask(run, 'a/c', { within: ['a'] })
    await free(run, 'a')
    expect(await used()).toBe(1)
    expect(await problems()).toEqual([])
    await free(run, 'a/c')
    expect(await used()).toBe(0)
  })
  it('leaves no more to several of them than it took itself', async () => {
    await set(2)
    const run = await start('db')
    await ask(run, 'a', { weight: 2 })
    expect([await ask(run, 'a/b', { within: ['a'] }), await ask(run, 'a/c', { within: ['a'] })]).toEqual([true, true])
    await free(run, 'a')
    expect(await used()).toBe(2)
    expect(await problems()).toEqual([])
    await free(run, 'a/b')
    await free(run, 'a/c')
    expect(await used()).toBe(1)
    expect(await ask(run, 'd', { weight: 2 })).toBe(true)
  })

  it('leaves the part of a loan that it took to a heavier borrower', async () => {
    await set(2)
    const run = await start('db')
    await ask(run, 'a', { weight: 2 })
    await ask(run, 'a/b', { within: ['a'], weight: 2 })
    await free(run, 'a')
    expect(await used()).toBe(2)
    expect(await problems()).toEqual([])
    expect(await ask(run, 'c')).toBe(false)
  })

  it('leaves it to whoever uses it when those around it end in the same moment', async () => {
    const run = await start('db')
    await ask(run, 'a')
    await ask(run, 'a/b', { within: ['a'] })
    await ask(run, 'a/b/c', { within: ['a', 'a/b'] })
    const ended = ['a', 'a/b'].map((key, index) => task(index + 1, key, 'COMPLETED'))
    await reportItems(world.ctx, { workspaceId: world.workspaceId, runId: run, attempt: 1, request: { items: ended, logs: [] } })
    expect(await problems()).toEqual([])
    expect(await ask(run, 'd')).toBe(false)
    await free(run, 'a/b/c')
    expect(await ask(run, 'd')).toBe(true)
  })
})

it('a task run that is over gets none: nobody would give them back', async () => {
  const runId = await start()
  const items = [task(1, 'a', 'RUNNING'), task(2, 'a', 'COMPLETED')]
  await reportItems(world.ctx, { workspaceId: world.workspaceId, runId, attempt: 1, request: { items, logs: [] } })
  await expect(ask(runId, 'a')).rejects.toMatchObject({ code: 'invalid_input' })
  expect(await used()).toBe(0)
})
