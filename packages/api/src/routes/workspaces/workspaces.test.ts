import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeOf, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

it('are made with an address from their name, and a free one when it is taken', async () => {
  const { id } = await api.signUp()
  const as = api.session(id)
  expect(await as.workspaces.create.mutate({ name: 'Größe & Co.' })).toMatchObject({ slug: 'gro-e-co', name: 'Größe & Co.', role: 'owner' })
  const second = await as.workspaces.create.mutate({ name: 'Größe & Co.' })
  expect(second.slug).toMatch(/^gro-e-co-[0-9a-f]+$/)
  expect(await as.workspaces.create.mutate({ name: '日本' })).toMatchObject({ slug: 'workspace' })
  expect(await codeOf(as.workspaces.create.mutate({ name: 'x', slug: 'workspace' }))).toBe('already_exists')
  expect(await codeOf(as.workspaces.create.mutate({ name: 'x', slug: 'Not A Slug' }))).toBe('invalid_input')
  expect((await as.workspaces.list.query()).length).toBe(3)
})

it('are renamed by their owner alone', async () => {
  const { as, workspace, withKey } = await api.tenant('rename')
  expect(await as.workspaces.update.mutate({ name: 'Renamed' })).toEqual({ ...workspace, name: 'Renamed' })
  const admin = await api.member(workspace.id, 'rename', 'admin')
  expect(await codeOf(admin.as.workspaces.update.mutate({ name: 'Mine' }))).toBe('forbidden')
  expect(await codeOf(withKey.workspaces.create.mutate({ name: 'x' }))).toBe('forbidden')
})

it('of others do not exist for a stranger, and a session must name one', async () => {
  await api.tenant('hidden')
  const { id } = await api.signUp()
  expect(await codeOf(api.session(id, 'hidden').pools.list.query())).toBe('not_found')
  expect(await codeOf(api.session(id, 'nowhere').pools.list.query())).toBe('not_found')
  expect(await codeOf(api.session(id).pools.list.query())).toBe('invalid_input')
})

it('guide their people to the first run until it is dismissed', async () => {
  const { as, workspace, pool } = await api.tenant('guided')
  expect(await as.guide.get.query()).toEqual({
    dismissed: false,
    steps: { pool: true, agent: false, deployment: false, run: false },
    pool: { id: pool.id, name: 'blue', type: 'process' },
    deploymentName: null,
    runId: null,
  })
  const viewer = await api.member(workspace.id, 'guided', 'viewer')
  expect(await codeOf(viewer.as.guide.dismiss.mutate())).toBe('forbidden')
  expect(await as.guide.dismiss.mutate()).toMatchObject({ dismissed: true })
})
