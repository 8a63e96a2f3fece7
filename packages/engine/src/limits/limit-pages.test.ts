import type { LimitInput } from '@towline/contract/limit-views'
import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, exited, type World } from '../runs/test-world.ts'
import { checkLedger } from './check-ledger.ts'
import { getLimit } from './get-limit.ts'
import { limitHistory } from './limit-history.ts'
import { listLimits } from './list-limits.ts'
import { pruneSlotHistory } from './prune-slot-history.ts'
import { rehearse } from './rehearse.ts'
import { requestTaskSlots } from './request-task-slots.ts'
import { setLimit } from './set-limit.ts'
import { suggestTags } from './suggest-tags.ts'

let world: World
let workspaceId: string
const DB = { kind: 'tag', tag: 'db' } as const
const made: string[] = []
const set = (limit: LimitInput['limit'], bounds: Omit<LimitInput, 'limit'>) =>
  setLimit(world.ctx, { workspaceId, actor: 'ann', limit, ...bounds })

/** Three runs that hold the one slot for 60 s each, one after the other; the last still runs. */
beforeAll(async () => {
  world = await createWorld()
  workspaceId = world.workspaceId
  await set(DB, { slots: 1 })
  made.push(...(await world.create({ tags: ['db', 'etl'] }, { tags: ['db', 'etl'] }, { tags: ['db'] })))
  for (const id of made) {
    await world.claim()
    if (id === made[2]) break
    world.clock.advance({ seconds: 60 })
    await world.report(id, 1, exited(0))
  }
  world.clock.advance({ seconds: 10 })
})
afterAll(() => world.close())

it('the history shows use, line and waits without a gap', async () => {
  const { points, bucketSeconds, slots } = await limitHistory(world.ctx, { workspaceId, limit: DB, hours: 1 })
  expect([points.length, bucketSeconds, slots]).toEqual([144, 25, 1])
  const busy = points.filter((point) => point.maxUsed > 0)
  expect(busy.map((point) => point.maxUsed)).toEqual(busy.map(() => 1))
  expect(busy.reduce((sum, point) => sum + point.granted, 0)).toBe(3)
  expect(Math.max(...points.map((point) => point.maxWaiting))).toBe(2)
  expect(Math.max(...points.map((point) => point.waitMaxMs))).toBe(120_000)
})

it('a rehearsal says what another bound would have done to the same arrivals, and changes nothing', async () => {
  const wider = await rehearse(world.ctx, { workspaceId, limit: DB, slots: 3, rate: null })
  expect(wider).toMatchObject({ holders: 3, truncated: false, before: { max: 120_000, peakLine: 2 }, after: { max: 0, peakUse: 3 } })
  expect(wider.groups).toMatchObject([{ group: 'nightly', holders: 3, meanWaitBefore: 60_000, meanWaitAfter: 0 }])
  const unlimited = await rehearse(world.ctx, { workspaceId, limit: { kind: 'tag', tag: 'etl' }, slots: 1, rate: null })
  expect(unlimited).toMatchObject({ holders: 2, before: { max: 0 } })
  expect(await listLimits(world.ctx, { workspaceId })).toMatchObject([{ name: 'db', slots: 1, used: 1, holding: 1, waiting: 0 }])
})

it('suggests the tags that were seen and have no limit', async () => {
  expect(await suggestTags(world.ctx, { workspaceId })).toMatchObject([{ tag: 'etl', runs: 2, tasks: 0 }])
})

it('the ledger adds up, and names what does not', async () => {
  expect(await checkLedger(world.ctx, { workspaceId })).toMatchObject({ ok: true, limits: 1, slots: 1, waiters: 0, problems: [] })
  const limitId = (await getLimit(world.ctx, { workspaceId, limit: DB })).id
  await world.query('delete from slot')
  expect((await checkLedger(world.ctx, { workspaceId })).problems).toMatchObject([{ kind: 'unheld', runId: made[2] }])
  const insert = `insert into slot (id, workspace_id, limit_id, run_id, attempt, weight, arrived_at, granted_at) values ($1, $2, $3, $4, 1, 1, $5, $5)`
  for (const id of [made[0], made[2]]) await world.query(insert, [newId(), workspaceId, limitId, id, world.clock.now()])
  expect((await checkLedger(world.ctx, { workspaceId })).problems.map((one) => one.kind).sort()).toEqual(['leaked', 'over'])
  await world.query('delete from slot where run_id = $1', [made[0]])
})

it('another workspace sees nothing of it', async () => {
  const other = await world.addTenant('globex')
  const limitId = (await getLimit(world.ctx, { workspaceId, limit: DB })).id
  for (const limit of [{ id: limitId }, DB])
    await expect(getLimit(world.ctx, { workspaceId: other.workspaceId, limit })).rejects.toMatchObject({ code: 'not_found' })
  expect(await listLimits(world.ctx, { workspaceId: other.workspaceId })).toEqual([])
  const foreign = { workspaceId: other.workspaceId, runId: made[2] ?? '', attempt: 1, request: { key: 'x', slots: { db: 1 }, priority: 0 } }
  await expect(requestTaskSlots(world.ctx, foreign)).rejects.toMatchObject({ code: 'stale_attempt' })
})

it('history is kept for a day', async () => {
  expect(await pruneSlotHistory(world.ctx)).toEqual({ pruned: 0 })
  world.clock.advance({ seconds: 26 * 3600 })
  expect(await pruneSlotHistory(world.ctx)).toEqual({ pruned: 2 })
})
