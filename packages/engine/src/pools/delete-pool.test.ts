import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { getRun } from '../run-views/get-run.ts'
import { cancelRun } from '../runs/cancel-run.ts'
import { retryRun } from '../runs/retry-run.ts'
import { createWorld, exited, type World } from '../runs/test-world.ts'
import { createPool } from './create-pool.ts'
import { deletePool } from './delete-pool.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await createPool(world.ctx, { workspaceId: world.workspaceId, name: 'old', type: 'process' })
})

const remove = () => deletePool(world.ctx, { workspaceId: world.workspaceId, name: 'old' })
const retry = (runId: string, on = world.ctx) => retryRun(on, { workspaceId: world.workspaceId, runId, actor: 'ann' })
/** Its deployment sends runs elsewhere by now. */
const move = (runId: string) =>
  world.query(
    `update run set pool_id = p.id, queue_id = q.id from work_pool p join queue q on q.pool_id = p.id where p.name = 'old' and run.id = $1`,
    [runId],
  )

it('a pool is not deleted while runs of it have not ended, which are named: they would wait for ever', async () => {
  const [waits = ''] = await world.create()
  await move(waits)
  const { name } = await getRun(world.ctx, { workspaceId: world.workspaceId, ref: waits })
  await expect(remove()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(name) })
  await cancelRun(world.ctx, { workspaceId: world.workspaceId, runId: waits, actor: 'ann' })
  await remove()
})

it('runs that have ended outlive their pool, and are not run again where nobody would take them', async () => {
  const id = await world.running()
  await world.report(id, 1, exited(0))
  await move(id)
  await remove()
  expect(await getRun(world.ctx, { workspaceId: world.workspaceId, ref: id })).toMatchObject({ id, pool: { name: '(deleted)' } })
  await expect(retry(id)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('work pool') })
  expect(await world.run(id)).toMatchObject({ state_name: 'Completed' })
})

it('a pool that is deleted and a run of it that is retried in the same moment never leave a run without a pool', async () => {
  const [id = ''] = await world.create()
  await move(id)
  await cancelRun(world.ctx, { workspaceId: world.workspaceId, runId: id, actor: 'ann' })
  const results = await Promise.allSettled([retry(id, world.another()), remove()])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await cancelRun(world.ctx, { workspaceId: world.workspaceId, runId: id, actor: 'ann' })
  if (results[1].status === 'rejected') await remove()
})
