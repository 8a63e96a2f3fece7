import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { enforceCancels } from './enforce-cancels.ts'
import { renewLeases } from './renew-leases.ts'
import { closeGate, lockWaiters } from './test-gate.ts'
import { createWorld, LEASE, type World } from './test-world.ts'

/** Two clients, and a row lock as the point at which they stop. */
let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(() => world.query('delete from run'))

const gate = (text: string, values: unknown[]) => closeGate(world, text, values)
const waiters = (count: number) => lockWaiters(world, count)

it('a heartbeat that waits for a report of its run renews the lease all the same', async () => {
  const [one = '', two = ''] = [await world.running(), await world.running()]
  const open = await gate('update run set state_message = $2 where id = $1', [one, 'x'])
  const refs = [one, two].map((runId) => ({ runId, attempt: 1 }))
  const beat = renewLeases(world.ctx, { agentId: world.agentId, refs, leaseSeconds: 2 * LEASE })
  await waiters(1)
  await open()
  expect(await beat).toEqual({ stale: [] })
  expect((await world.run(one)).lease_expires_at).toEqual((await world.run(two)).lease_expires_at)
})

it('a cancel that is forced waits again when it is another one by the time of its lock', async () => {
  const id = await world.running()
  const old = new Date(world.clock.now().getTime() - 3_600_000)
  await world.query(`update run set state_type = 'CANCELLING', state_name = 'Cancelling', cancel_requested_at = $2 where id = $1`, [
    id,
    old,
  ])
  const open = await gate('update run set cancel_requested_at = $2 where id = $1', [id, world.clock.now()])
  const forcing = enforceCancels(world.ctx)
  await waiters(1)
  await open()
  expect(await forcing).toMatchObject({ forced: 0 })
  expect(await world.run(id)).toMatchObject({ state_name: 'Cancelling' })
})

it('a crowd that is given a long time to end does not keep others from being ended', async () => {
  await world.create(...Array.from({ length: 501 }, () => ({ variables: { graceSeconds: 3600 } })))
  const crowd = await world.claim(501)
  const [hangs = ''] = await world.create({ variables: { graceSeconds: 5 } })
  await world.claim(1)
  expect(crowd).toHaveLength(501)
  await world.query(
    `update run set state_type = 'CANCELLING', state_name = 'Cancelling', deadline_at = null, cancel_requested_at = case when id = $1 then $3::timestamptz else $2::timestamptz end`,
    [hangs, new Date(world.clock.now().getTime() - 600_000), new Date(world.clock.now().getTime() - 300_000)],
  )
  expect(await enforceCancels(world.ctx)).toMatchObject({ forced: 1 })
  expect(await world.run(hangs)).toMatchObject({ state_name: 'Cancelled' })
})
