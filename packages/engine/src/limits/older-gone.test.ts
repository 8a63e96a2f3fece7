import { until } from '@towline/service/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../runs/test-world.ts'
import { areOlderGone, numberOfNow } from './older-gone.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** A transaction that has written something, and ends when it is told. */
const writing = async (): Promise<() => Promise<void>> => {
  const client = await world.db.enginePool.connect()
  await client.query('begin')
  await client.query('select pg_current_xact_id()')
  return async () => {
    await client.query('commit')
    client.release()
  }
}

it('waits for a transaction that began after the one that made the setting and before its commit', async () => {
  const commitSetting = await writing()
  const commitClaim = await writing()
  await commitSetting()
  const number = await numberOfNow(world.ctx)
  expect(await areOlderGone(world.ctx, number)).toBe(false)
  const later = await writing()
  await commitClaim()
  // Those of other databases have numbers of the same row.
  await until(() => areOlderGone(world.ctx, number))
  await later()
})
