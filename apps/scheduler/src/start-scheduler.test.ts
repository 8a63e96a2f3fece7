import { createBus } from '@towline/db/bus'
import { createTestDatabase, type TestDatabase } from '@towline/db/test-database'
import type { EngineContext } from '@towline/engine/context'
import { systemClock } from '@towline/service/clock'
import { createLogger } from '@towline/service/logger'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startScheduler } from './start-scheduler.ts'

let database: TestDatabase
let engine: EngineContext
const silent = createLogger('test', { level: 'silent' })
beforeAll(async () => {
  database = await createTestDatabase()
  engine = { db: database.db, bus: createBus(database.db), clock: systemClock, log: silent }
})
afterAll(async () => {
  await engine.bus.close()
  await database.drop()
})

it('runs every duty, says so in /metrics and /healthz, and stops in order', async () => {
  const scheduler = await startScheduler(engine, { port: 0, leaseSeconds: 40, keptDays: 90 })
  try {
    expect([...scheduler.loops.keys()].sort()).toEqual([
      'enforce-cancels',
      'enforce-deadlines',
      'expire-leases',
      'mark-late',
      'partitions',
      'promote-due-runs',
      'prune-audit',
      'prune-slot-history',
      'retention',
      'sweep-agents',
      'tend-lines',
    ])
    await until(() => [...scheduler.loops.values()].every((loop) => loop.ran.count > 0))
    const metrics = await (await fetch(`http://127.0.0.1:${scheduler.port}/metrics`)).text()
    for (const duty of scheduler.loops.keys())
      expect(metrics).toMatch(new RegExp(`towline_scheduler_rounds_total{[^}]*duty="${duty}",result="ok"[^}]*} [1-9]`))
    const health = await fetch(`http://127.0.0.1:${scheduler.port}/healthz`)
    expect([health.status, await health.json()]).toEqual([200, { ok: true, failing: [] }])
  } finally {
    await scheduler.stop()
  }
  await expect(fetch(`http://127.0.0.1:${scheduler.port}/healthz`)).rejects.toThrow()
})

it('goes on after its database connections were cut', async () => {
  const scheduler = await startScheduler(engine, { port: 0, leaseSeconds: 40, keptDays: 90 })
  try {
    const expire = scheduler.loops.get('expire-leases')
    await until(() => (expire?.ran.count ?? 0) > 0)
    const admin = await database.db.apiPool.connect()
    await admin.query(
      'set role none; select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    admin.release(true)
    const before = expire?.ran.count ?? 0
    expire?.wake('test')
    await until(() => (expire?.ran.count ?? 0) >= before + 2)
    expect((await fetch(`http://127.0.0.1:${scheduler.port}/healthz`)).status).toBe(200)
  } finally {
    await scheduler.stop()
  }
})

it('a taken port is an error at the start, with nothing left running', async () => {
  const first = await startScheduler(engine, { port: 0, leaseSeconds: 40, keptDays: 90 })
  await expect(startScheduler(engine, { port: first.port, leaseSeconds: 40, keptDays: 90 })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await first.stop()
})

it('keeps everything when it is told so', async () => {
  const scheduler = await startScheduler(engine, { port: 0, leaseSeconds: 40, keptDays: 0 })
  expect(scheduler.loops.has('retention')).toBe(false)
  await scheduler.stop()
})
