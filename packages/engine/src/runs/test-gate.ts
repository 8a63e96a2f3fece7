import { until } from '@towline/service/until'
import type { World } from './test-world.ts'

/** For tests of races: holds what the statement locks until it is opened. */
export const closeGate = async (world: World, text: string, values: unknown[]): Promise<() => Promise<void>> => {
  const client = await world.db.enginePool.connect()
  await client.query('begin')
  await client.query(text, values)
  return async () => {
    await client.query('commit')
    client.release()
  }
}

/** That many sessions wait for a lock. */
export const lockWaiters = (world: World, count: number): Promise<true> =>
  until(async () => {
    const [row] = await world.query<{ n: number }>(
      'select count(distinct l.pid)::int as n from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()',
    )
    return (row?.n ?? 0) >= count
  })
