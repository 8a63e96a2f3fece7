import { createBus } from '@towline/db/bus'
import { createTestDatabase, type TestDatabase } from '@towline/db/test-database'
import { ManualClock } from '@towline/service/clock'
import { createLogger } from '@towline/service/logger'
import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { EngineContext } from '../context.ts'
import { mayEndLeases } from './may-end-leases.ts'
import { recordGateway } from './record-gateway.ts'

const leaseSeconds = 40
let database: TestDatabase
let ctx: EngineContext
let clock: ManualClock
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  await ctx.bus.close()
  await database.drop()
})
beforeEach(async () => {
  await ctx?.bus.close()
  await database.db.enginePool.query('delete from gateway')
  clock = new ManualClock(new Date('2026-01-01T00:00:00Z'))
  ctx = { db: database.db, bus: createBus(database.db), clock, log: createLogger('test', { level: 'silent' }) }
})

const presentFor = async (gatewayId: string, seconds: number): Promise<void> => {
  for (let passed = 0; passed < seconds; passed += 5) {
    await recordGateway(ctx, { gatewayId, leaseSeconds })
    clock.advance({ seconds: 5 })
  }
}

it('no lease ends while no gateway has ever been there', async () => {
  expect(await mayEndLeases(ctx, { leaseSeconds })).toBe(false)
})

it('leases may end once a gateway was there for a whole lease, and no longer after it died', async () => {
  const gatewayId = newId()
  await presentFor(gatewayId, 35)
  expect(await mayEndLeases(ctx, { leaseSeconds })).toBe(false)
  await presentFor(gatewayId, 10)
  expect(await mayEndLeases(ctx, { leaseSeconds })).toBe(true)
  clock.advance({ minutes: 1 })
  expect(await mayEndLeases(ctx, { leaseSeconds })).toBe(false)
})

it('a gateway that comes back gives agents a whole lease to return', async () => {
  const gatewayId = newId()
  await presentFor(gatewayId, 60)
  clock.advance({ minutes: 2 })
  await recordGateway(ctx, { gatewayId, leaseSeconds })
  expect(await mayEndLeases(ctx, { leaseSeconds })).toBe(false)
  await presentFor(gatewayId, 45)
  expect(await mayEndLeases(ctx, { leaseSeconds })).toBe(true)
})

it('one living gateway is enough', async () => {
  await presentFor(newId(), 5)
  await presentFor(newId(), 45)
  expect(await mayEndLeases(ctx, { leaseSeconds })).toBe(true)
})
