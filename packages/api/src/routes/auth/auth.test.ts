import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, refusalOf, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

describe('auth.signUp', () => {
  it('makes a person whose address is one, however it is typed', async () => {
    const anna = { password: 'correct horse', name: 'Anna' }
    const made = await api.anybody.auth.signUp.mutate({ ...anna, email: ' Anna@Towline.test ' })
    expect(made).toMatchObject({ email: 'anna@towline.test', name: 'Anna' })
    expect(await codeOf(api.anybody.auth.signUp.mutate({ ...anna, email: 'ANNA@towline.test' }))).toBe('already_exists')
  })

  it('says which field is wrong and why', async () => {
    const refusal = await refusalOf(api.anybody.auth.signUp.mutate({ email: 'nobody', password: 'short', name: '' }))
    expect(refusal).toMatchObject({ code: 'invalid_input', httpStatus: 400 })
    expect(refusal.message).toBe('email: this is not an email address; password: use at least 10 characters; name: tell us your name')
  })

  it('is limited per address, and the address of others is not touched', async () => {
    const bad = { email: 'limit@towline.test', password: 'correct horse', name: 'L' }
    const from = (address: string) => api.client({ 'x-test-address': address }).auth.signUp.mutate(bad)
    await from('a')
    for (let index = 1; index < 10; index++) expect(await codeOf(from('a'))).toBe('already_exists')
    expect(await refusalOf(from('a'))).toMatchObject({ code: 'rate_limited', httpStatus: 429 })
    expect(await codeOf(from('b'))).toBe('already_exists')
    api.clock.advance({ minutes: 2 })
    expect(await codeOf(from('a'))).toBe('already_exists')
  })
})

describe('auth.whoami', () => {
  it('tells a session its person and workspaces, and the workspace that it names', async () => {
    const { user, workspace, as } = await api.tenant('who')
    expect(await as.auth.whoami.query()).toEqual({ user, key: null, workspace, workspaces: [workspace] })
    expect((await api.session(user.id).auth.whoami.query()).workspace).toBeNull()
  })

  it('tells a key its own workspace and no other', async () => {
    const { user, workspace, withKey, key } = await api.tenant('who-key')
    await api.session(user.id).workspaces.create.mutate({ name: 'second' })
    expect(await withKey.auth.whoami.query()).toEqual({
      user,
      key: { id: key.id, name: 'laptop', kind: 'user' },
      workspace,
      workspaces: [workspace],
    })
  })

  it('refuses strangers, unknown keys, agent keys and sessions of people who are gone', async () => {
    const { as } = await api.tenant('who-else')
    const agentKey = await as.keys.create.mutate({ kind: 'agent', name: 'a', pool: 'blue' })
    const whoami = (headers: Record<string, string>) => refusalOf(api.client(headers).auth.whoami.query())
    expect((await whoami({})).code).toBe('unauthenticated')
    expect((await whoami({ authorization: 'Bearer tlk_unknown' })).code).toBe('unauthenticated')
    expect((await whoami({ authorization: 'Basic abc' })).message).toContain('Authorization: Bearer')
    expect((await whoami({ authorization: `Bearer ${agentKey.secret}` })).message).toContain('agent key')
    expect((await whoami({ cookie: 'session=00000000-0000-7000-8000-000000000000' })).code).toBe('unauthenticated')
  })
})

describe('sessions', () => {
  it('need the header of our own client for changes, so that other sites cannot use their cookie', async () => {
    const { user } = await api.tenant('csrf')
    const forged = api.client({ cookie: `session=${user.id}`, 'x-towline-workspace': 'csrf' })
    expect(await codeOf(forged.pools.update.mutate({ name: 'blue', paused: true }))).toBe('forbidden')
    expect((await forged.pools.get.query({ name: 'blue' })).paused).toBe(false)
  })
})

describe('errors', () => {
  it('carry the id of the request that the log knows, and never a stack', async () => {
    const response = await fetch(`${api.url}/api/trpc/auth.whoami`)
    const text = await response.text()
    const id = response.headers.get('x-request-id')
    expect(response.status).toBe(401)
    expect(JSON.parse(text).error.json.data.towline).toEqual({ code: 'unauthenticated', message: 'Sign in or send a valid key.', id })
    expect(text).not.toContain('stack')
  })

  it('of a procedure that does not exist are not_found', async () => {
    expect((await fetch(`${api.url}/api/trpc/pools.explode`)).status).toBe(404)
  })
})
