import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../runs/test-world.ts'
import { setLimit } from './set-limit.ts'
import { tendLines } from './tend-lines.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** One waits at each of them for more than it has: their ids come before all others. */
const crowd = async (count: number, runId: string): Promise<void> => {
  await world.query(
    `with made as (
       insert into concurrency_limit (id, workspace_id, kind, tag, slots)
       select ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, $1::uuid, 'tag', 'crowd-' || i, 1 from generate_series(1, $2::int) i
       returning id, tag
     )
     insert into waiter (id, workspace_id, limit_id, run_id, attempt, task_key, queue_id, weight, tier, rank, since, seen_at, hold)
     select gen_random_uuid(), $1::uuid, id, $3::uuid, 1, tag, $4::uuid, 2, 1, 1, $5::timestamptz, $5::timestamptz, 'too-heavy' from made`,
    [world.workspaceId, count, runId, world.queueId, world.clock.now()],
  )
}

it('looks at every line in turn, however many there are at which nothing can be done', async () => {
  const limit = { kind: 'tag', tag: 'db' } as const
  await setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', limit, slots: 1 })
  const [holder = '', next = ''] = await world.create({ tags: ['db'] }, { tags: ['db'] })
  await world.claim()
  // As if whoever freed it had died before it could call the next.
  await world.query('delete from slot where run_id = $1', [holder])
  await crowd(500, holder)
  const { after } = await tendLines(world.ctx)
  expect(await world.run(next)).toMatchObject({ ready: false })
  expect(await tendLines(world.ctx, { after })).toMatchObject({ tended: 1, after: null })
  expect(await world.run(next)).toMatchObject({ ready: true })
})
