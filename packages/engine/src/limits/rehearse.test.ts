import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, exited, type World } from '../runs/test-world.ts'
import { rehearse } from './rehearse.ts'
import { releaseTaskSlots } from './release-task-slots.ts'
import { requestTaskSlots } from './request-task-slots.ts'
import { setLimit } from './set-limit.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const DB = { kind: 'tag', tag: 'db' } as const

it('leaves out what runs lent their own tasks: those waited for nobody', async () => {
  const { workspaceId } = world
  await setLimit(world.ctx, { workspaceId, actor: 'ann', limit: DB, slots: 1 })
  const [first = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] })
  await world.claim()
  world.clock.advance({ seconds: 30 })
  for (const key of ['a', 'b']) {
    const request = { key, slots: { db: 1 }, priority: 0 }
    expect((await requestTaskSlots(world.ctx, { workspaceId, runId: first, attempt: 1, request })).granted).toBe(true)
    await releaseTaskSlots(world.ctx, { workspaceId, runId: first, attempt: 1, key })
  }
  world.clock.advance({ seconds: 30 })
  await world.report(first, 1, exited(0))
  await world.claim()
  expect(await rehearse(world.ctx, { workspaceId, limit: DB, slots: 1, rate: null })).toMatchObject({
    holders: 2,
    before: { max: 60_000, peakLine: 1 },
  })
})

it('counts those who wait now: they wait at least until now, and hold their slot as long as is usual', async () => {
  const { workspaceId } = world
  await world.create({ tags: ['db'] })
  await world.claim()
  world.clock.advance({ seconds: 90 })
  const { holders, before, after, groups } = await rehearse(world.ctx, { workspaceId, limit: DB, slots: 2, rate: null })
  expect([holders, before.max, after.max]).toEqual([3, 90_000, 0])
  expect(groups).toMatchObject([{ holders: 3, meanWaitBefore: 50_000, meanWaitAfter: 0 }])
})
