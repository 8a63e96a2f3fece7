import type { LimitRef } from '@towline/contract/limit-views'
import { newId } from '@towline/service/new-id'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { updateDeployment } from '../deployments/update-deployment.ts'
import { updateQueue } from '../queues/update-queue.ts'
import { closeGate, lockWaiters } from '../runs/test-gate.ts'
import { createWorld, exited, type World } from '../runs/test-world.ts'
import { checkLedger } from './check-ledger.ts'
import { lockHeldLimits } from './free-holders.ts'
import { getLimit } from './get-limit.ts'
import { releaseSlot } from './release-slot.ts'
import { releaseTaskSlots } from './release-task-slots.ts'
import { requestTaskSlots } from './request-task-slots.ts'
import { setLimit } from './set-limit.ts'

/** Two clients, and a row lock as the point at which they stop. */
let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.query('delete from run')
  await world.query('delete from concurrency_limit')
  await setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', limit: DB, slots: 1 })
})

const DB = { kind: 'tag', tag: 'db' } as const
const ids = (specs: { runId: string }[]): string[] => specs.map((spec) => spec.runId)
const end = (runId: string) => world.report(runId, 1, exited(0))

const gate = (text: string, values: unknown[]) => closeGate(world, text, values)
const waiters = (count: number) => lockWaiters(world, count)

it('no lost wake-up: a run that joins the line while the last slot is being freed is called', async () => {
  const [holder = '', next = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] })
  await world.claim(1)
  const { id } = await getLimit(world.ctx, { workspaceId: world.workspaceId, limit: DB })
  const open = await gate('select from concurrency_limit where id = $1 for no key update', [id])
  // Both stop at the lock of the limit: the claim that will find it full, and the end that will free it; in whichever order they go on.
  const claiming = world.claim(1, newId(), world.another())
  await waiters(1)
  const ending = end(holder)
  await waiters(2)
  await open()
  const claimed = await claiming
  await ending
  if (claimed.length === 0) expect(await world.run(next)).toMatchObject({ ready: true })
  expect([...ids(claimed), ...ids(await world.claim())]).toEqual([next])
})

it('a run whose turn comes while somebody else holds its row is called as soon as it is let go, and keeps its place', async () => {
  const [holder = '', next = '', last = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] }, { tags: ['db'] })
  expect(ids(await world.claim())).toEqual([holder])
  const open = await gate('select from run where id = $1 for no key update', [next])
  const ending = end(holder)
  await waiters(1)
  expect(await world.run(holder)).toMatchObject({ state_name: 'Completed' })
  expect(await world.run(next)).toMatchObject({ ready: false })
  await open()
  expect(await ending).toBe('accepted')
  expect(await world.run(next)).toMatchObject({ ready: true })
  expect(await world.run(last)).toMatchObject({ ready: false })
})

it('a slot that is freed while its limit is being edited is offered to the next, also when its holder holds others', async () => {
  const set = (limit: LimitRef) => setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', limit, slots: 2 })
  await set({ kind: 'pool', pool: 'local' })
  await set({ kind: 'deployment', deployment: 'nightly' })
  const [holder = '', next = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] })
  expect(ids(await world.claim())).toEqual([holder])
  for (const { id } of await world.query<{ id: string }>('select id from concurrency_limit')) {
    const open = await gate('update concurrency_limit set description = description where id = $1', [id])
    const locked = world.db.enginePool.query({ ...lockHeldLimits, values: [[holder], [], []] })
    await waiters(1)
    await open()
    expect((await locked).rows).toHaveLength(3)
  }
  const open = await gate(`update concurrency_limit set slots = 3 where kind = 'pool'`, [])
  const ending = end(holder)
  await waiters(1)
  await open()
  await ending
  expect(await world.run(next)).toMatchObject({ ready: true })
})

it('an offer that a paused deployment had goes to the next, whether the pause or the claim takes its run out of the line', async () => {
  const other = await world.deploy({ name: 'other' })
  const make = async () => {
    const [holder = '', offered = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] })
    const [next = ''] = await world.create({ deployment: 'other', tags: ['db'] })
    expect(ids(await world.claim())).toEqual([holder])
    await end(holder)
    expect([(await world.run(offered)).ready, (await world.run(next)).ready]).toEqual([true, false])
    return next
  }
  const paused = await make()
  await updateDeployment(world.ctx, { workspaceId: world.workspaceId, name: 'nightly', paused: true })
  expect(await world.run(paused)).toMatchObject({ ready: true, deployment_id: other.deploymentId })

  await world.query('delete from run')
  await world.query('update deployment set paused_at = null')
  const met = await make()
  // As by a pause whose transaction did not see the offer.
  await world.query(`update deployment set paused_at = now() where name = 'nightly'`)
  expect(await world.claim()).toEqual([])
  expect(await world.run(met)).toMatchObject({ ready: true })
  await world.query('update deployment set paused_at = null')
})

it('a pause that waited for a claim takes out of the line whom that claim put there', async () => {
  const [holder = '', blocked = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] })
  const { id } = await getLimit(world.ctx, { workspaceId: world.workspaceId, limit: DB })
  const open = await gate('select from concurrency_limit where id = $1 for no key update', [id])
  const claiming = world.claim(2, newId(), world.another())
  await waiters(1)
  const pausing = updateDeployment(world.ctx, { workspaceId: world.workspaceId, name: 'nightly', paused: true })
  await waiters(2)
  await open()
  expect(ids(await claiming)).toEqual([holder])
  await pausing
  expect(await world.run(blocked)).toMatchObject({ ready: false, state_name: 'Scheduled' })
  expect((await checkLedger(world.ctx, { workspaceId: world.workspaceId })).problems).toEqual([])
  await updateDeployment(world.ctx, { workspaceId: world.workspaceId, name: 'nightly', paused: false })
})

it('a new limit counts a claim that began after it was written and before it was committed', async () => {
  await world.create({ tags: ['db', 'new'] })
  const { id } = await getLimit(world.ctx, { workspaceId: world.workspaceId, limit: DB })
  const commit = await gate('lock table audit_entry in share mode', [])
  const ann = { ...world.ctx, by: { kind: 'person' as const, id: newId(), name: 'ann' } }
  const setting = setLimit(ann, { workspaceId: world.workspaceId, actor: 'ann', limit: { kind: 'tag', tag: 'new' }, slots: 1 })
  await waiters(1)
  const open = await gate('select from concurrency_limit where id = $1 for no key update', [id])
  const claiming = world.claim(1, newId(), world.another())
  await waiters(2)
  await commit()
  const made = () => world.query(`select from concurrency_limit where tag = 'new'`)
  await until(async () => (await made()).length === 1)
  for (let trip = 0; trip < 20; trip += 1) await made()
  await open()
  expect(await claiming).toHaveLength(1)
  expect(await setting).toMatchObject({ used: 1 })
  expect((await checkLedger(world.ctx, { workspaceId: world.workspaceId })).problems).toEqual([])
})

it('a slot that its task run gives back while somebody takes it away is free already, and the run goes on', async () => {
  const runId = await world.running()
  const request = { key: 'fetch', slots: { db: 1 }, priority: 0 }
  await requestTaskSlots(world.ctx, { workspaceId: world.workspaceId, runId, attempt: 1, request })
  const { id, holders } = await getLimit(world.ctx, { workspaceId: world.workspaceId, limit: DB })
  const open = await gate('select from concurrency_limit where id = $1 for no key update', [id])
  const freeing = releaseTaskSlots(world.ctx, { workspaceId: world.workspaceId, runId, attempt: 1, key: 'fetch' })
  await waiters(1)
  const slotId = holders[0]?.slotId ?? ''
  const taking = releaseSlot(world.ctx, { workspaceId: world.workspaceId, limit: DB, slotId, reason: 'hangs', actor: 'ann' })
  taking.catch(() => undefined)
  await waiters(2)
  await open()
  await freeing
  await expect(taking).rejects.toMatchObject({ code: 'not_found' })
  expect(await world.run(runId)).toMatchObject({ state_name: 'Running' })
})

it('a run that is on its way into a line while the priority of its queue changes stands where that puts it', async () => {
  await world.deploy({ name: 'urgent-job', queue: 'urgent' })
  const [holder = '', plain = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] })
  expect(ids(await world.claim())).toEqual([holder])
  const [urgent = ''] = await world.create({ deployment: 'urgent-job', tags: ['db'] })
  const { id } = await getLimit(world.ctx, { workspaceId: world.workspaceId, limit: DB })
  const open = await gate('select from concurrency_limit where id = $1 for no key update', [id])
  const claiming = world.claim(1, newId(), world.another())
  await waiters(1)
  const changing = updateQueue(world.ctx, { workspaceId: world.workspaceId, pool: 'local', name: 'urgent', priority: 900 })
  await until(async () => (await world.query(`select from queue where name = 'urgent' and priority = 900`)).length > 0)
  await open()
  await claiming
  await changing
  expect(await world.query('select run_id, tier from waiter order by tier')).toEqual([
    { run_id: plain, tier: 100 },
    { run_id: urgent, tier: 900 },
  ])
  await world.query(`update queue set priority = 1 where name = 'urgent'`)
})

it('a place in a line that is not the one of the claim stops nobody: whoever is called and must not go first gives way', async () => {
  const [holder = '', plain = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] })
  expect(ids(await world.claim())).toEqual([holder])
  const [late = ''] = await world.create({ deployment: 'urgent-job', tags: ['db'] })
  expect(await world.claim()).toEqual([])
  await world.query(`update queue set priority = 900 where name = 'urgent'`)
  await end(holder)
  expect(await world.run(late)).toMatchObject({ ready: true })
  expect(ids(await world.claim())).toEqual([])
  expect([(await world.run(plain)).ready, (await world.run(late)).ready]).toEqual([true, false])
  expect(ids(await world.claim())).toEqual([plain])
  await world.query(`update queue set priority = 1 where name = 'urgent'`)
})

it('what was claimed is handed over, whatever becomes of the run that was to be replaced', async () => {
  await world.deploy({ name: 'free' })
  const limit = { kind: 'deployment', deployment: 'nightly' } as const
  await setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', limit, slots: 1, collision: 'replace-oldest' })
  const oldest = await world.running()
  await world.create()
  const [other = ''] = await world.create({ deployment: 'free' })
  const open = await gate('delete from run where id = $1', [oldest])
  const claiming = world.claim(2)
  await waiters(1)
  await open()
  expect(ids(await claiming)).toContain(other)
})

it('a pause takes a run out of its line also while the reason of its wait is written down', async () => {
  const [holder = '', blocked = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] })
  expect(ids(await world.claim())).toEqual([holder])
  const open = await gate(`update waiter set hold = 'in-line' where run_id = $1`, [blocked])
  const pausing = updateDeployment(world.ctx, { workspaceId: world.workspaceId, name: 'nightly', paused: true })
  await waiters(1)
  await open()
  await pausing
  expect(await world.query('select from waiter')).toEqual([])
  await updateDeployment(world.ctx, { workspaceId: world.workspaceId, name: 'nightly', paused: false })
})
