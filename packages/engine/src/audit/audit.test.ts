import { AUDIT_KEPT_DAYS } from '@towline/contract/audit'
import { engineTransaction, tenantTransaction } from '@towline/db/transaction'
import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../runs/test-world.ts'
import { changeText } from './change-text.ts'
import { differing, secret } from './differing.ts'
import { listAudit } from './list-audit.ts'
import { pruneAudit } from './prune-audit.ts'
import { type Change, recordChange } from './record-change.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(() => world.query('delete from audit_entry'))

const ann = { kind: 'person' as const, id: newId(), name: 'Ann' }
const change = (more: Partial<Change> = {}): Change => ({
  workspaceId: world.workspaceId,
  action: 'pool.pause',
  subject: { kind: 'pool', id: world.poolId, name: 'local' },
  text: 'paused the work pool local',
  ...more,
})
const record = (more: Partial<Change> = {}) =>
  tenantTransaction(world.db, world.workspaceId, (tx) => recordChange({ ...world.ctx, by: ann }, tx, change(more)))
const list = (filter = {}) => listAudit(world.ctx, { workspaceId: world.workspaceId, filter, cursor: null, limit: 200 })

describe('an entry', () => {
  it('is there when its transaction commits, and is not when it rolls back', async () => {
    const failing = tenantTransaction(world.db, world.workspaceId, async (tx) => {
      await recordChange({ ...world.ctx, by: ann }, tx, change())
      throw new Error('the change failed')
    })
    await expect(failing).rejects.toThrow('the change failed')
    expect((await list()).items).toEqual([])
    await record({ reason: 'maintenance' })
    expect((await list()).items).toMatchObject([
      { actor: ann, action: 'pool.pause', subject: { name: 'local' }, reason: 'maintenance', at: world.clock.now() },
    ])
  })

  it('ends the change when it cannot be written', async () => {
    const changing = tenantTransaction(world.db, world.workspaceId, async (tx) => {
      await tx.query("update work_pool set description = 'lost' where id = $1", [world.poolId])
      await recordChange({ ...world.ctx, by: ann }, tx, change({ action: 'Not An Action' as Change['action'] }))
    })
    await expect(changing).rejects.toThrow('audit_entry_action')
    const [pool] = await world.query<{ description: string }>('select description from work_pool where id = $1', [world.poolId])
    expect(pool?.description).not.toBe('lost')
  })

  it('is not made of what the control plane does by itself, or of what changes nothing', async () => {
    await engineTransaction(world.db, (tx) => recordChange(world.ctx, tx, change()))
    await record({ before: { paused: true }, after: { paused: true } })
    expect((await list()).items).toEqual([])
  })

  it('can be changed by nobody, and taken away only by the engine', async () => {
    await record()
    const asTenant = (sql: string) => tenantTransaction(world.db, world.workspaceId, (tx) => tx.query(sql))
    await expect(asTenant("update audit_entry set text = 'x'")).rejects.toThrow('permission denied')
    await expect(asTenant('delete from audit_entry')).rejects.toThrow('permission denied')
    await expect(world.query("update audit_entry set text = 'x'")).rejects.toThrow('permission denied')
  })

  it('takes any text that people type', async () => {
    await record({ text: 'named it \u0000 and \ud800', before: null, after: { name: 'nul \u0000' } })
    expect((await list()).items).toMatchObject([{ text: 'named it \ufffd and \ufffd', after: { name: 'nul \ufffd' } }])
  })
})

describe('what differs', () => {
  it('is kept by name, with nothing of what stayed', () => {
    expect(differing({ slots: 3, rate: null, tags: ['a'] }, { slots: 2, rate: null, tags: ['a'] })).toEqual({
      before: { slots: 3 },
      after: { slots: 2 },
    })
    expect(differing({ a: 1 }, { a: 1 })).toBeNull()
    expect(differing(null, { a: 1 })).toEqual({ before: null, after: { a: 1 } })
    expect(differing({ a: 1 }, {})).toEqual({ before: { a: 1 }, after: {} })
  })

  it('of a secret is that it differs', () => {
    expect(differing({ token: secret('a') }, { token: secret('b') })).toEqual({
      before: { token: '(hidden)' },
      after: { token: '(hidden, another)' },
    })
    expect(differing({ token: secret('a') }, { token: secret('a') })).toBeNull()
    expect(differing({}, { token: secret('a') })).toEqual({ before: {}, after: { token: '(hidden)' } })
    expect(changeText({ token: secret('a') }, { token: secret('b') })).toBe('token')
  })

  it('reads as a sentence: short values with what they became, long ones by their name', () => {
    expect(changeText({ slots: 3, text: 'x' }, { slots: null, text: 'y'.repeat(200) })).toBe('slots 3 → none, text')
    expect(changeText({ rate: null }, { rate: { count: 5, windowSeconds: 60 } })).toBe('rate none → 5 per 60 s')
  })
})

describe('retention', () => {
  it('forgets what is older than a year, a bounded batch at a time, and keeps the rest', async () => {
    const days = (count: number) => world.clock.advance({ minutes: count * 24 * 60 })
    for (let made = 0; made < 5; made++) await record()
    days(AUDIT_KEPT_DAYS - 1)
    await record({ reason: 'young' })
    expect(await pruneAudit(world.ctx)).toEqual({ pruned: 0, more: false })
    days(2)
    expect(await pruneAudit(world.ctx, { batch: 3 })).toEqual({ pruned: 3, more: true })
    expect(await pruneAudit(world.ctx, { batch: 3 })).toEqual({ pruned: 2, more: false })
    expect((await list()).items).toMatchObject([{ reason: 'young' }])
  })

  it('finds the old ones through an index', async () => {
    const rows = await world.query<{ 'QUERY PLAN': string }>('explain select id from audit_entry where at < now() order by at limit 10')
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('audit_entry_at_idx')
  })
})
