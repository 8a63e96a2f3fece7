import { newId } from '@towline/service/new-id'
import { until } from '@towline/service/until'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseNotice, toNotices } from './bus/notice.ts'
import { type Bus, createBus } from './bus.ts'
import { type Db, openDb } from './open-db.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

describe('bus', () => {
  let test: TestDatabase
  let otherDb: Db
  let here: Bus
  let there: Bus
  const heardHere: string[] = []
  const heardThere: string[] = []
  let resyncs = 0

  beforeAll(async () => {
    test = await createTestDatabase()
    otherDb = openDb({ url: test.url, applicationName: 'other' })
  })
  afterAll(async () => {
    await otherDb.close()
    await test.drop()
  })
  beforeEach(async () => {
    heardHere.length = 0
    heardThere.length = 0
    here = createBus(test.db)
    there = createBus(otherDb)
    here.subscribe('run', (ids) => heardHere.push(...ids))
    there.subscribe(
      'run',
      (ids) => heardThere.push(...ids),
      () => {
        resyncs += 1
      },
    )
    await Promise.all([here.ready(), there.ready()])
    resyncs = 0
  })
  afterEach(() => Promise.all([here.close(), there.close()]))

  it('tells its own process before publish returns, and another soon', async () => {
    here.publish('run', ['a', 'b'])
    expect(heardHere).toEqual(['a', 'b'])
    await until(() => heardThere.length >= 2)
    expect(heardThere).toEqual(['a', 'b'])
  })

  it('delivers nothing twice: our own notices do not come back to us', async () => {
    here.publish('run', ['mine'])
    there.publish('run', ['theirs'])
    await until(() => heardHere.includes('theirs') && heardThere.includes('mine'))
    here.publish('run', ['fence'])
    await until(() => heardThere.includes('fence'))
    expect(heardHere).toEqual(['mine', 'theirs', 'fence'])
    expect(heardThere.toSorted()).toEqual(['fence', 'mine', 'theirs'])
  })

  it('sends what one tick publishes as one notice, each id once', async () => {
    const listener = new pg.Client({ connectionString: test.url })
    const payloads: string[] = []
    await listener.connect()
    await listener.query('LISTEN towline')
    listener.on('notification', ({ payload }) => payloads.push(payload ?? ''))
    for (const id of ['a', 'b', 'a', 'c']) here.publish('run', [id])
    await until(() => payloads.length > 0)
    here.publish('run', ['fence'])
    await until(() => payloads.includes('run fence'))
    await listener.end()
    expect(payloads).toEqual(['run a b c', 'run fence'])
  })

  it('carries more ids than one payload holds', async () => {
    const ids = Array.from({ length: 1000 }, () => newId())
    here.publish('run', ids)
    await until(() => heardThere.length === 1000)
    expect(heardThere).toEqual(ids)
  })

  it('says "look at everything" instead of a list of many thousands', async () => {
    here.publish(
      'run',
      Array.from({ length: 5000 }, () => newId()),
    )
    await until(() => resyncs === 1)
    expect(heardThere).toEqual([])
    expect(heardHere).toHaveLength(5000)
  })

  it('asks for a resync when it listens for the first time: who subscribed before may have missed notices', async () => {
    const late = createBus(otherDb)
    let looks = 0
    late.subscribe(
      'run',
      () => undefined,
      () => {
        looks += 1
      },
    )
    expect(looks).toBe(0)
    await late.ready()
    expect(looks).toBe(1)
    await late.close()
  })

  it('reconnects after its connection was killed, asks for a resync and hears again', async () => {
    const killer = new pg.Client({ connectionString: test.url })
    await killer.connect()
    await killer.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'other-bus' AND datname = current_database()",
    )
    await killer.end()
    await until(() => resyncs === 1)
    here.publish('run', ['after'])
    await until(() => heardThere.includes('after'))
  })

  it('survives a subscriber that throws', async () => {
    here.subscribe('run', () => {
      throw new Error('mine alone')
    })
    const late: string[] = []
    here.subscribe('run', (ids) => late.push(...ids))
    here.publish('run', ['x'])
    expect(late).toEqual(['x'])
  })

  it('says nothing to those who unsubscribed, or listen to another topic', () => {
    const heard: string[] = []
    const stop = here.subscribe('pool', (ids) => heard.push(...ids))
    here.publish('pool', ['p'])
    here.publish('run', ['r'])
    stop()
    here.publish('pool', ['q'])
    expect(heard).toEqual(['p'])
  })
})

describe('notice', () => {
  it('keeps every payload under the limit of NOTIFY, and loses no id', () => {
    const ids = Array.from({ length: 1500 }, () => newId())
    const notices = toNotices('run', ids)
    expect(Math.max(...notices.map((notice) => Buffer.byteLength(notice)))).toBeLessThan(8000)
    expect(notices.flatMap((notice) => parseNotice(notice).ids)).toEqual(ids)
  })
})
