import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeOf, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
let home: Awaited<ReturnType<TestApi['tenant']>>
beforeAll(async () => {
  api = await startTestApi()
  home = await api.tenant('home')
})
afterAll(() => api.close())

const whoami = (secret: string) => api.client({ authorization: `Bearer ${secret}` }).auth.whoami.query()

it('show their secret once, and only its hash is stored', async () => {
  const key = await home.as.keys.create.mutate({ kind: 'user', name: 'ci' })
  expect(key.secret).toMatch(/^tlk_[\w-]{43}$/)
  expect(key).toMatchObject({ kind: 'user', name: 'ci', prefix: key.secret.slice(0, 10), poolName: null, expiresAt: null, revokedAt: null })
  const listed = (await home.as.keys.list.query()).find((one) => one.id === key.id)
  expect(listed).not.toHaveProperty('secret')
  const { rows } = await api.engine.db.enginePool.query('select * from api_key where id = $1', [key.id])
  expect(JSON.stringify(rows)).not.toContain(key.secret)
})

it('of agents serve one pool that exists', async () => {
  const key = await home.as.keys.create.mutate({ kind: 'agent', name: 'rack 1', pool: 'blue' })
  expect(key.secret).toMatch(/^tla_[\w-]{43}$/)
  expect(key.poolName).toBe('blue')
  expect(await codeOf(home.as.keys.create.mutate({ kind: 'agent', name: 'x', pool: 'nope' }))).toBe('not_found')
  expect(await codeOf(home.as.keys.create.mutate({ kind: 'agent', name: 'x' }))).toBe('invalid_input')
  expect(await codeOf(home.as.keys.create.mutate({ kind: 'user', name: 'x', pool: 'blue' }))).toBe('invalid_input')
})

it('end when they are revoked, which is told to whoever holds their sockets', async () => {
  const heard: string[] = []
  const stop = api.engine.bus.subscribe('key', (ids) => heard.push(...ids))
  const key = await home.as.keys.create.mutate({ kind: 'user', name: 'lost laptop' })
  await whoami(key.secret)
  const revoked = await home.as.keys.revoke.mutate({ id: key.id })
  expect(revoked.revokedAt).toEqual(api.clock.now())
  expect(await codeOf(whoami(key.secret))).toBe('key_revoked')
  expect(await home.as.keys.revoke.mutate({ id: key.id })).toEqual(revoked)
  expect(heard).toContain(key.id)
  stop()
})

it('end at their expiry', async () => {
  const key = await home.as.keys.create.mutate({ kind: 'user', name: 'short', expiresInDays: 1 })
  api.clock.advance({ hours: 23 })
  await whoami(key.secret)
  api.clock.advance({ hours: 1 })
  expect(await codeOf(whoami(key.secret))).toBe('key_expired')
})

it('note their last use at most once a minute', async () => {
  const key = await home.as.keys.create.mutate({ kind: 'user', name: 'busy' })
  const lastUse = async () => (await home.as.keys.list.query()).find((one) => one.id === key.id)?.lastUsedAt
  const first = api.clock.now()
  await whoami(key.secret)
  expect(await lastUse()).toEqual(first)
  api.clock.advance({ seconds: 50 })
  await whoami(key.secret)
  expect(await lastUse()).toEqual(first)
  api.clock.advance({ seconds: 11 })
  await whoami(key.secret)
  expect(await lastUse()).toEqual(api.clock.now())
})

it('end with the membership of their person', async () => {
  const admin = await api.member(home.workspace.id, 'home', 'admin')
  const key = await admin.as.keys.create.mutate({ kind: 'user', name: 'theirs' })
  await whoami(key.secret)
  await api.engine.db.enginePool.query('delete from membership where user_id = $1', [admin.id])
  expect(await codeOf(whoami(key.secret))).toBe('unauthenticated')
})

it('are managed by admins; others revoke their own', async () => {
  const operator = await api.member(home.workspace.id, 'home', 'operator')
  expect(await codeOf(operator.as.keys.create.mutate({ kind: 'user', name: 'x' }))).toBe('forbidden')
  expect(await codeOf(operator.as.keys.revoke.mutate({ id: home.key.id }))).toBe('forbidden')
  const agentKey = await home.as.keys.create.mutate({ kind: 'agent', name: 'a', pool: 'blue' })
  expect(await codeOf(operator.as.keys.revoke.mutate({ id: agentKey.id }))).toBe('forbidden')
  await api.engine.db.enginePool.query('update api_key set user_id = $2 where id = $1', [home.key.id, operator.id])
  expect((await operator.as.keys.revoke.mutate({ id: home.key.id })).revokedAt).not.toBeNull()
})
