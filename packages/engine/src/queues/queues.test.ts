import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setLimit } from '../limits/set-limit.ts'
import { getRun } from '../run-views/get-run.ts'
import { cancelRun } from '../runs/cancel-run.ts'
import { retryRun } from '../runs/retry-run.ts'
import { createWorld, exited, type World } from '../runs/test-world.ts'
import { createQueue } from './create-queue.ts'
import { deleteQueue } from './delete-queue.ts'
import { updateQueue } from './update-queue.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await world.deploy({ name: 'urgent-job', queue: 'urgent' })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.query('delete from run')
  await world.query('delete from concurrency_limit')
  await world.query(`update queue set paused_at = null, priority = case when name = 'urgent' then 1 else 100 end`)
  world.published.length = 0
})

const ids = (specs: { runId: string }[]): string[] => specs.map((spec) => spec.runId)
const of = (name: string) => ({ workspaceId: world.workspaceId, pool: 'local', name })
const gateOf = async (runId: string) => (await getRun(world.ctx, { workspaceId: world.workspaceId, ref: runId })).waiting?.gate

describe('a paused queue', () => {
  it('lets its runs wait with the gate queue-paused, others pass, and gives them out when it is resumed, waking claims', async () => {
    const [waits = ''] = await world.create({ deployment: 'urgent-job' })
    expect(await updateQueue(world.ctx, { ...of('urgent'), paused: true })).toMatchObject({ paused: true, priority: 1, waiting: 1 })
    const [other = ''] = await world.create()
    expect(await gateOf(waits)).toBe('queue-paused')
    expect(await gateOf(other)).not.toBe('queue-paused')
    const { gates } = await getRun(world.ctx, { workspaceId: world.workspaceId, ref: waits })
    expect(gates.find((gate) => gate.gate === 'queue-paused')).toMatchObject({
      state: 'holds',
      command: 'towline queues resume urgent --pool local',
    })
    expect(ids(await world.claim())).toEqual([other])
    world.published.length = 0
    await updateQueue(world.ctx, { ...of('urgent'), paused: false })
    expect(world.published).toContainEqual({ topic: 'pool', ids: [world.poolId] })
    expect(await gateOf(waits)).not.toBe('queue-paused')
    expect(ids(await world.claim())).toEqual([waits])
  })

  it('keeps the beginning of its pause, whatever else is changed', async () => {
    const pausedAt = async () =>
      (await world.query<{ paused_at: Date | null }>(`select paused_at from queue where id = $1`, [world.queueId]))[0]?.paused_at
    await updateQueue(world.ctx, { ...of('default'), paused: true })
    const since = await pausedAt()
    world.clock.advance({ seconds: 60 })
    await updateQueue(world.ctx, { ...of('default'), paused: true })
    await updateQueue(world.ctx, { ...of('default'), priority: 50 })
    expect(await pausedAt()).toEqual(since)
    expect(since).toBeInstanceOf(Date)
  })
})

describe('the priority of a queue', () => {
  it('is strict: nothing of a later queue is claimed while an earlier one has something, and a change counts at once', async () => {
    const plain = await world.create({ priority: 1000 }, { priority: 1000 })
    const urgent = await world.create({ deployment: 'urgent-job', priority: -1000 }, { deployment: 'urgent-job', priority: -1000 })
    expect(ids(await world.claim(1))).toEqual([urgent[0]])
    await updateQueue(world.ctx, { ...of('urgent'), priority: 101 })
    expect(ids(await world.claim(2))).toEqual(plain)
    expect(ids(await world.claim())).toEqual([urgent[1]])
  })

  it('moves the runs that stand in the line of a limit', async () => {
    await setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', limit: { kind: 'tag', tag: 'db' }, slots: 1 })
    const holder = await world.running({ tags: ['db'] })
    const [plain = ''] = await world.create({ tags: ['db'] })
    const [urgent = ''] = await world.create({ deployment: 'urgent-job', tags: ['db'] })
    expect(await world.claim()).toEqual([])
    await updateQueue(world.ctx, { ...of('urgent'), priority: 900 })
    await world.report(holder, 1, exited(0))
    expect(ids(await world.claim())).toEqual([plain])
    expect(await world.run(urgent)).toMatchObject({ state_name: 'AwaitingSlot' })
  })

  it('is free to choose for a new queue, whose name is free in its pool', async () => {
    expect(await createQueue(world.ctx, { ...of('first'), priority: 1, paused: true })).toMatchObject({ paused: true, priority: 1 })
    await expect(createQueue(world.ctx, of('first'))).rejects.toMatchObject({ code: 'already_exists' })
    await deleteQueue(world.ctx, of('first'))
  })
})

describe('deleteQueue', () => {
  it('and a retry in the same moment never leave a run in a queue that is gone', async () => {
    await createQueue(world.ctx, of('doomed'))
    const [id = ''] = await world.create()
    await world.query(`update run set queue_id = (select id from queue where name = 'doomed') where id = $1`, [id])
    await cancelRun(world.ctx, { workspaceId: world.workspaceId, runId: id, actor: 'ann' })
    const results = await Promise.allSettled([
      retryRun(world.another(), { workspaceId: world.workspaceId, runId: id, actor: 'ann' }),
      deleteQueue(world.ctx, of('doomed')),
    ])
    expect(results[0].status).toBe('fulfilled')
    const { rows } = await world.db.enginePool.query<{ name: string }>(
      'select q.name from run r join queue q on q.id = r.queue_id where r.id = $1',
      [id],
    )
    // Whichever came first: the run stands in a queue that is there.
    expect(rows).toEqual([{ name: results[1].status === 'fulfilled' ? 'default' : 'doomed' }])
    expect(ids(await world.claim())).toEqual([id])
  })

  it('refuses while a run executes that came from it, as it may come back', async () => {
    await createQueue(world.ctx, of('left'))
    const id = await world.running()
    await world.query(`update run set queue_id = (select id from queue where name = 'left') where id = $1`, [id])
    await expect(deleteQueue(world.ctx, of('left'))).rejects.toMatchObject({ code: 'conflict' })
    await world.report(id, 1, exited(0))
    await deleteQueue(world.ctx, of('left'))
    await expect(deleteQueue(world.ctx, of('left'))).rejects.toMatchObject({ code: 'not_found' })
  })

  it('takes the limit of the queue with it', async () => {
    await createQueue(world.ctx, of('bounded'))
    const limit = { kind: 'queue', pool: 'local', queue: 'bounded' } as const
    await setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', limit, slots: 2 })
    await deleteQueue(world.ctx, of('bounded'))
    expect(await world.query('select 1 from concurrency_limit')).toEqual([])
  })

  it('and no other verb touches a queue of another workspace', async () => {
    const other = await world.addTenant('globex')
    const foreign = { workspaceId: other.workspaceId, pool: 'local', name: 'urgent' }
    await createQueue(world.ctx, of('ours'))
    await expect(deleteQueue(world.ctx, { ...foreign, name: 'ours' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(updateQueue(world.ctx, { ...foreign, name: 'ours', paused: true })).rejects.toMatchObject({ code: 'not_found' })
    await updateQueue(world.ctx, { ...foreign, priority: 77 })
    expect(await world.query('select priority from queue where id = $1', [world.urgentQueueId])).toEqual([{ priority: 1 }])
    await deleteQueue(world.ctx, of('ours'))
  })
})
