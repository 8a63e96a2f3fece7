import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../runs/test-world.ts'
import { releaseTaskSlots } from './release-task-slots.ts'
import { requestTaskSlots } from './request-task-slots.ts'
import { setLimit } from './set-limit.ts'
import { slotNotice } from './slot-notice.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

it('tells the task run that is next of a freed slot, and no other of its run', async () => {
  const { workspaceId } = world
  await setLimit(world.ctx, { workspaceId, actor: 'ann', limit: { kind: 'tag', tag: 'api' }, slots: 1 })
  const runId = await world.running()
  const ask = (key: string) =>
    requestTaskSlots(world.ctx, { workspaceId, runId, attempt: 1, request: { key, slots: { api: 1 }, priority: 0 } })
  expect((await ask('a')).granted).toBe(true)
  world.clock.advance({ seconds: 1 })
  expect((await ask('b, the second')).granted).toBe(false)
  world.clock.advance({ seconds: 1 })
  expect((await ask('c')).granted).toBe(false)
  world.published.length = 0
  await releaseTaskSlots(world.ctx, { workspaceId, runId, attempt: 1, key: 'a' })
  const told = world.published.flatMap(({ topic, ids }) => (topic === 'slots' ? ids : []))
  expect(told).toEqual([slotNotice(runId, 'b, the second')])
  expect(told[0]).toMatch(/^[0-9a-f-]{36}\/[0-9a-f]{16}$/)
  expect((await ask('b, the second')).granted).toBe(true)
})
