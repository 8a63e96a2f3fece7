import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

describe('towline_ensure_partitions', () => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await createTestDatabase()
  })
  afterAll(() => test.drop())

  const ensure = async (from: string, days: number): Promise<number> =>
    (await test.db.enginePool.query('SELECT towline_ensure_partitions($1, $2) AS made', [from, days])).rows[0].made
  const addEvent = (day: string, seq: number) =>
    test.db.enginePool.query(
      "INSERT INTO run_event (run_day, run_id, seq, workspace_id, at, kind, attempt) VALUES ($1, $2, $3, $2, now(), 'note', 0) RETURNING tableoid::regclass::text AS partition",
      [day, newId(), seq],
    )

  it('has made the days around the first migration', async () => {
    const today = new Date().toISOString().slice(0, 10)
    expect((await addEvent(today, 1)).rows).toEqual([{ partition: `run_event_${today.replaceAll('-', '')}` }])
  })

  it('makes the missing days of both histories, once', async () => {
    expect(await ensure('2031-05-01', 3)).toBe(6)
    expect(await ensure('2031-05-02', 3)).toBe(2)
    expect((await addEvent('2031-05-04', 1)).rows).toEqual([{ partition: 'run_event_20310504' }])
  })

  it('takes rows over that were written before their day had a partition', async () => {
    expect((await addEvent('2032-01-01', 1)).rows).toEqual([{ partition: 'run_event_default' }])
    expect(await ensure('2032-01-01', 1)).toBe(2)
    const { rows } = await test.db.enginePool.query(
      "SELECT tableoid::regclass::text AS partition FROM run_event WHERE run_day = '2032-01-01'",
    )
    expect(rows).toEqual([{ partition: 'run_event_20320101' }])
  })

  it('may be called by many at once', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => ensure('2033-01-01', 5)))
    expect(made.reduce((sum, one) => sum + one)).toBe(10)
  })

  it('keeps the key of an event unique, and refuses a silly number of days and any other caller', async () => {
    const id = newId()
    const insert = () =>
      test.db.enginePool.query(
        "INSERT INTO run_event (run_day, run_id, seq, workspace_id, at, kind, attempt) VALUES ('2031-05-01', $1, 1, $1, now(), 'note', 0)",
        [id],
      )
    await insert()
    await expect(insert()).rejects.toThrow('duplicate key')
    await expect(ensure('2031-01-01', 100_000)).rejects.toThrow('between 0 and 400')
    await expect(test.db.apiPool.query("SELECT towline_ensure_partitions('2031-01-01', 1)")).rejects.toThrow('permission denied')
  })
})
