import type { AuditAction } from '@towline/contract/audit'
import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appRouter } from './router.ts'
import { createTestAgent } from './testing/test-agent.ts'
import { codeOf, command, startTestApi, type TestApi } from './testing/test-api.ts'

let api: TestApi
let home: Awaited<ReturnType<TestApi['tenant']>>
let agent: Awaited<ReturnType<typeof createTestAgent>>
beforeAll(async () => {
  api = await startTestApi()
  home = await api.tenant('home')
  agent = await createTestAgent(api.engine, { workspaceId: home.workspace.id, poolId: home.pool.id })
  await home.as.deployments.register.mutate({ manifest: command('etl', { tags: ['db'] }) })
})
afterAll(() => api.close())

const DB = { kind: 'tag', tag: 'db' } as const

/** A change that succeeds, for every mutation, and what it is called in the audit. Each line makes what it needs by itself. */
const CHANGES: Record<string, { action: AuditAction; change: () => Promise<unknown> }> = {
  'login.approve': {
    action: 'login.approve',
    change: async () => {
      const { userCode } = await api.anybody.login.start.mutate({ clientName: 'towline on a laptop' })
      await home.as.login.approve.mutate({ userCode, workspaceId: home.workspace.id })
    },
  },
  'login.poll': {
    action: 'key.create',
    change: async () => {
      const { userCode, deviceCode } = await api.anybody.login.start.mutate({ clientName: 'towline on a laptop' })
      await home.as.login.approve.mutate({ userCode, workspaceId: home.workspace.id })
      await api.anybody.login.poll.mutate({ deviceCode })
    },
  },
  'workspaces.create': { action: 'workspace.create', change: () => home.as.workspaces.create.mutate({ name: 'another' }) },
  'workspaces.update': { action: 'workspace.change', change: () => home.as.workspaces.update.mutate({ name: 'Home' }) },
  'pools.create': { action: 'pool.create', change: () => home.as.pools.create.mutate({ name: 'green', type: 'docker' }) },
  'pools.update': { action: 'pool.pause', change: () => home.as.pools.update.mutate({ name: 'blue', paused: true }) },
  'pools.delete': {
    action: 'pool.delete',
    change: async () => {
      await home.as.pools.create.mutate({ name: 'doomed', type: 'process' })
      await home.as.pools.delete.mutate({ name: 'doomed' })
    },
  },
  'queues.create': { action: 'queue.create', change: () => home.as.queues.create.mutate({ pool: 'blue', name: 'calm' }) },
  'queues.update': {
    action: 'queue.change',
    change: () => home.as.queues.update.mutate({ pool: 'blue', name: 'default', priority: 7 }),
  },
  'queues.delete': {
    action: 'queue.delete',
    change: async () => {
      await home.as.queues.create.mutate({ pool: 'blue', name: 'doomed' })
      await home.as.queues.delete.mutate({ pool: 'blue', name: 'doomed' })
    },
  },
  'keys.create': { action: 'key.create', change: () => home.as.keys.create.mutate({ kind: 'agent', name: 'edge', pool: 'blue' }) },
  'keys.revoke': {
    action: 'key.revoke',
    change: async () => {
      const { id } = await home.as.keys.create.mutate({ kind: 'user', name: 'old' })
      await home.as.keys.revoke.mutate({ id })
    },
  },
  'deployments.register': {
    action: 'deployment.register',
    change: () => home.as.deployments.register.mutate({ manifest: command('etl', { tags: ['db'], description: 'second' }) }),
  },
  'deployments.update': {
    action: 'deployment.pause',
    change: () => home.as.deployments.update.mutate({ name: 'etl', paused: true }),
  },
  'deployments.delete': {
    action: 'deployment.delete',
    change: async () => {
      await home.as.deployments.register.mutate({ manifest: command('doomed') })
      await home.as.deployments.delete.mutate({ name: 'doomed' })
    },
  },
  'runs.cancel': { action: 'run.cancel', change: async () => home.as.runs.cancel.mutate({ id: await makeRun() }) },
  'runs.retry': {
    action: 'run.retry',
    change: async () => {
      const id = await makeRun()
      await home.as.runs.cancel.mutate({ id })
      await home.as.runs.retry.mutate({ id })
    },
  },
  'limits.set': { action: 'limit.create', change: () => home.as.limits.set.mutate({ limit: { kind: 'tag', tag: 'fresh' }, slots: 2 }) },
  'limits.delete': {
    action: 'limit.delete',
    change: async () => {
      const { id } = await home.as.limits.set.mutate({ limit: { kind: 'tag', tag: 'doomed' }, slots: 2 })
      await home.as.limits.delete.mutate({ limit: { id } })
    },
  },
  'limits.release': {
    action: 'limit.release',
    change: async () => {
      const slotId = await heldSlot()
      later()
      await home.as.limits.release.mutate({ limit: DB, slotId, reason: 'hangs since noon' })
    },
  },
}

/** Mutations that leave no entry, and why. */
const SILENT: Record<string, string> = {
  'auth.signUp': 'a person is not part of any workspace yet',
  'login.start': 'nobody has been let in yet',
  'login.deny': 'a code that is turned away never belonged to a workspace',
  'runs.create': 'a run is its own record: it says who asked for it, and scripts make thousands',
  'guide.dismiss': 'it hides a page of the dashboard',
}

const makeRun = async () => (await home.as.runs.create.mutate({ deployment: 'etl' })).id
/** A run that holds the one slot of the tag. */
const heldSlot = async (): Promise<string> => {
  await home.as.pools.update.mutate({ name: 'blue', paused: false })
  await home.as.deployments.update.mutate({ name: 'etl', paused: false })
  await home.as.limits.set.mutate({ limit: DB, slots: 1 })
  await makeRun()
  await agent.startAll()
  const { holders } = await home.as.limits.get.query({ limit: DB })
  return holders[0]?.slotId ?? ''
}
type Row = { id: string; action: string; actor_name: string; text: string }
const rows = async (): Promise<Row[]> => (await api.engine.db.enginePool.query<Row>('select * from audit_entry order by id')).rows
/** Entries of one moment have no order. */
const later = () => api.clock.advance({ seconds: 1 })

const mutations = Object.entries(appRouter._def.procedures)
  .filter(([, procedure]) => (procedure as unknown as { _def: { type: string } })._def.type === 'mutation')
  .map(([path]) => path)

it('has a line for every mutation, or a reason why it leaves no entry', () => {
  expect([...Object.keys(CHANGES), ...Object.keys(SILENT)].sort()).toEqual([...mutations].sort())
})

describe.each(Object.entries(CHANGES))('%s', (_path, { action, change }) => {
  it(`leaves an entry ${action} with who did it and a sentence that goes on from their name`, async () => {
    const known = new Set((await rows()).map(({ id }) => id))
    await change()
    const made = (await rows()).filter((row) => !known.has(row.id) && row.action === action)
    expect(made).toMatchObject([{ actor_name: home.user.name, text: expect.stringMatching(/^[a-z].{5,}[^.]$/) }])
  })
})

describe('the audit', () => {
  const list = async (filter: Parameters<typeof home.as.audit.list.query>[0] = {}) => (await home.as.audit.list.query(filter)).items

  it('keeps what a limit was and what it became, and nothing when nothing changed', async () => {
    const limit = { kind: 'deployment', deployment: 'etl' } as const
    await home.as.limits.set.mutate({ limit, slots: 3 })
    later()
    const { id } = await home.withKey.limits.set.mutate({ limit, slots: 2, rate: { count: 10, windowSeconds: 60 } })
    await home.as.limits.set.mutate({ limit, slots: 2 })
    const { items } = await home.as.limits.changes.query({ limit: { id } })
    expect(items.map(({ action, text }) => [action, text])).toEqual([
      ['limit.change', 'changed the limit of the deployment etl: slots 3 → 2, rate none → 10 per 60 s'],
      ['limit.create', 'gave the deployment etl a limit: 3 slots'],
    ])
    expect(items[0]).toMatchObject({
      actor: { kind: 'key', id: home.key.id, name: `${home.user.name} (laptop)` },
      subject: { kind: 'limit', id, name: 'deployment:etl' },
      before: { slots: 3, rate: null },
      after: { slots: 2, rate: { count: 10, windowSeconds: 60 } },
      reason: null,
    })
    expect(items[1]).toMatchObject({ actor: { kind: 'person', id: home.user.id }, before: null, after: { slots: 3 } })
  })

  it('keeps the reason of a slot that was taken back, beside the limit and in the history of the run', async () => {
    const [entry] = (await home.as.limits.changes.query({ limit: DB })).items
    expect(entry).toMatchObject({ action: 'limit.release', reason: 'hangs since noon' })
    const runId = String(entry?.before?.runId)
    const events = await home.as.runs.events.query({ id: runId, after: 0 })
    expect(events.some(({ kind, message }) => kind === 'note' && message?.includes('hangs since noon'))).toBe(true)
  })

  it('has no entry of what was refused or only tried', async () => {
    const before = await rows()
    expect(await codeOf(home.as.limits.set.mutate({ limit: { kind: 'tag', tag: 'none' } }))).toBe('invalid_input')
    expect(await codeOf(home.as.pools.delete.mutate({ name: 'blue' }))).toBe('conflict')
    expect(await codeOf(home.as.runs.cancel.mutate({ id: newId() }))).toBe('not_found')
    await home.as.deployments.register.mutate({ manifest: command('tried'), limit: { slots: 1 }, dryRun: true })
    await home.as.deployments.update.mutate({ name: 'etl' })
    expect(await rows()).toEqual(before)
  })

  it('tells that variables of the environment changed, and never their values or a key', async () => {
    const set = (env: Record<string, string>) => home.as.pools.update.mutate({ name: 'green', variables: { env, memoryMb: 512 } })
    await set({ TOKEN: 'tiger-one', PLAIN: 'same' })
    later()
    await set({ TOKEN: 'tiger-two', PLAIN: 'same' })
    const [last] = await list({ filter: { subject: 'pool:green' } })
    expect(last).toMatchObject({
      text: 'changed the work pool green: env.TOKEN',
      before: { 'env.TOKEN': '(hidden)' },
      after: { 'env.TOKEN': '(hidden, another)' },
    })
    const { secret } = await home.as.keys.create.mutate({ kind: 'user', name: 'written down nowhere' })
    const text = JSON.stringify(await rows())
    for (const hidden of ['tiger-one', 'tiger-two', secret, secret.slice(12)]) expect(text).not.toContain(hidden)
  })

  it('is found by actor, action and subject, newest first, page by page', async () => {
    const all = await list({ limit: 200 })
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .sort()
        .reverse(),
    )
    const paged: string[] = []
    for (let cursor: string | null = null, more = true; more; ) {
      const page: Awaited<ReturnType<typeof home.as.audit.list.query>> = await home.as.audit.list.query({ cursor, limit: 7 })
      paged.push(...page.items.map(({ id }) => id))
      cursor = page.next
      more = cursor !== null
    }
    expect(paged).toEqual(all.map(({ id }) => id))
    const those = (keep: (entry: (typeof all)[number]) => boolean) => all.filter(keep).map(({ id }) => id)
    const found = async (filter: Parameters<typeof home.as.audit.list.query>[0]) => (await list(filter)).map(({ id }) => id)
    expect(await found({ filter: { actor: '(laptop)' }, limit: 200 })).toEqual(those(({ actor }) => actor.kind === 'key'))
    expect(await found({ filter: { actor: home.key.id }, limit: 200 })).toEqual(those(({ actor }) => actor.id === home.key.id))
    expect(await found({ filter: { action: 'limit' }, limit: 200 })).toEqual(those(({ action }) => action.startsWith('limit.')))
    expect(await found({ filter: { action: 'pool.pause' } })).toEqual(those(({ action }) => action === 'pool.pause'))
    expect(await found({ filter: { subject: 'queue:blue/calm' } })).toEqual(those(({ subject }) => subject.name === 'blue/calm'))
    expect(await found({ filter: { subject: home.pool.id } })).toEqual(those(({ subject }) => subject.id === home.pool.id))
    expect(await found({ filter: { subject: '%' } })).toEqual([])
    expect(await codeOf(home.as.audit.list.query({ filter: { action: 'DROP' } }))).toBe('invalid_input')
  })

  it('is for owners and admins; the changes of a limit are for all, and of other workspaces for nobody', async () => {
    const admin = await api.member(home.workspace.id, 'home', 'admin')
    const operator = await api.member(home.workspace.id, 'home', 'operator')
    const viewer = await api.member(home.workspace.id, 'home', 'viewer')
    expect((await admin.as.audit.list.query()).items.length).toBeGreaterThan(0)
    expect(await codeOf(operator.as.audit.list.query())).toBe('forbidden')
    expect(await codeOf(viewer.as.audit.list.query())).toBe('forbidden')
    expect((await viewer.as.limits.changes.query({ limit: DB })).items.length).toBeGreaterThan(0)
    const stranger = await api.tenant('stranger')
    const { items } = await stranger.as.audit.list.query({ limit: 200 })
    expect(items.map(({ action }) => action)).toEqual(['key.create', 'pool.create', 'workspace.create'])
    const { id } = await home.as.limits.get.query({ limit: DB })
    expect(await codeOf(stranger.as.limits.changes.query({ limit: { id } }))).toBe('not_found')
  })
})
