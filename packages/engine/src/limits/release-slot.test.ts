import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cancelRun } from '../runs/cancel-run.ts'
import { expireLeases } from '../runs/expire-leases.ts'
import { createWorld, exited, LEASE, STARTED, type World } from '../runs/test-world.ts'
import { getLimit } from './get-limit.ts'
import { limitChanges } from './limit-changes.ts'
import { releaseSlot } from './release-slot.ts'
import { requestTaskSlots } from './request-task-slots.ts'
import { setLimit } from './set-limit.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.query('delete from run')
  await world.query('delete from concurrency_limit')
})

const DB = { kind: 'tag', tag: 'db' } as const
const ann = { kind: 'person' as const, id: newId(), name: 'Ann' }
const limited = () => setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'Ann', limit: DB, slots: 1 })
const holders = async () => (await getLimit(world.ctx, { workspaceId: world.workspaceId, limit: DB })).holders
const release = async (slotId?: string) =>
  releaseSlot(
    { ...world.ctx, by: ann },
    { workspaceId: world.workspaceId, limit: DB, slotId: slotId ?? (await holders())[0]?.slotId ?? '', reason: 'hangs', actor: 'Ann' },
  )
const start = async (runId: string) => {
  await world.confirm(runId, 1)
  await world.report(runId, 1, STARTED)
}
/** One run holds the slot, another stands in line. */
const pair = async (): Promise<[holder: string, next: string]> => {
  await limited()
  const [holder = '', next = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] })
  await world.claim()
  await start(holder)
  return [holder, next]
}
const claimed = async () => (await world.claim()).map(({ runId }) => runId)

describe('a slot that is taken back', () => {
  it('is held until its holder has stopped: the agent is told, and nobody else is let in before', async () => {
    const [holder, next] = await pair()
    world.published.length = 0
    await release()
    expect(world.published).toContainEqual({ topic: 'cancel', ids: [holder] })
    expect(await claimed()).toEqual([])
    expect((await holders()).map(({ run }) => run.id)).toEqual([holder])
    await world.report(holder, 1, exited(143, 'cancel'))
    expect(await world.run(holder)).toMatchObject({ state_name: 'Cancelled' })
    expect(await claimed()).toEqual([next])
  })

  it('of an agent that is gone goes on when its lease has ended', async () => {
    const [holder, next] = await pair()
    await release()
    world.clock.advance({ seconds: LEASE + 1 })
    expect(await claimed()).toEqual([])
    await expireLeases(world.ctx, { endedBefore: world.clock.now() })
    expect(await world.run(holder)).toMatchObject({ state_name: 'Cancelled' })
    expect(await claimed()).toEqual([next])
  })

  it('of a task run stops its whole run, and says which task it was', async () => {
    await limited()
    const runId = await world.running()
    const request = { key: 'fetch', slots: { db: 1 }, priority: 0 }
    expect((await requestTaskSlots(world.ctx, { workspaceId: world.workspaceId, runId, attempt: 1, request })).granted).toBe(true)
    await release()
    expect(await world.run(runId)).toMatchObject({ state_name: 'Cancelling' })
    expect((await world.events(runId)).map(({ message }) => message)).toContain('Ann took the slot of db of the task fetch back: hangs')
    await world.report(runId, 1, exited(143, 'cancel'))
    expect(await holders()).toEqual([])
  })

  it('is told with its reason in the history of the run and beside the limit', async () => {
    const [holder] = await pair()
    await release()
    expect(await world.events(holder)).toContainEqual(
      expect.objectContaining({ kind: 'note', message: 'Ann took the slot of db back: hangs' }),
    )
    const { items } = await limitChanges(world.ctx, { workspaceId: world.workspaceId, limit: DB, cursor: null, count: 10 })
    expect(items).toMatchObject([{ action: 'limit.release', actor: ann, reason: 'hangs', before: { runId: holder } }])
  })

  it('is not taken back twice, nor from somebody who is being stopped already', async () => {
    const [holder] = await pair()
    const slotId = (await holders())[0]?.slotId
    const both = await Promise.allSettled([release(slotId), release(slotId)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(release(slotId)).rejects.toMatchObject({ code: 'conflict' })
    const { items } = await limitChanges(world.ctx, { workspaceId: world.workspaceId, limit: DB, cursor: null, count: 10 })
    expect(items).toHaveLength(1)
    await world.report(holder, 1, exited(143, 'cancel'))
    await expect(release(slotId)).rejects.toMatchObject({ code: 'not_found' })
    const [other] = await pairOfCancelled()
    await expect(release(other)).rejects.toMatchObject({ code: 'conflict' })
  })
})

const pairOfCancelled = async (): Promise<[slotId: string]> => {
  const [next = ''] = await claimed()
  await start(next)
  const slotId = (await holders())[0]?.slotId ?? ''
  await cancelRun(world.ctx, { workspaceId: world.workspaceId, runId: next, actor: 'bob' })
  return [slotId]
}
