import type { DeploymentLimit } from '@towline/contract/limit-views'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, command, refusalOf, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
let home: Awaited<ReturnType<TestApi['tenant']>>
beforeAll(async () => {
  api = await startTestApi()
  home = await api.tenant('home')
})
afterAll(() => api.close())
beforeEach(() => api.engine.db.enginePool.query('delete from deployment'))

const register = (limit?: DeploymentLimit, more: { dryRun?: boolean; description?: string } = {}) =>
  home.withKey.deployments.register.mutate({
    manifest: command('etl', { description: more.description ?? '' }),
    ...(limit && { limit }),
    dryRun: more.dryRun ?? false,
  })
const ETL = { kind: 'deployment', deployment: 'etl' } as const
const limit = () => home.as.limits.get.query({ limit: ETL })
const changes = async () => (await home.as.limits.changes.query({ limit: ETL })).items.map(({ text }) => text)

describe('the limit of a registration', () => {
  it('is set with the deployment, and is no part of its version', async () => {
    expect(await register({ slots: 2, rate: { count: 5, windowSeconds: 60 }, collision: 'replace-oldest' })).toMatchObject({
      version: 1,
      created: true,
      limit: { before: null, after: { slots: 2, collision: 'replace-oldest' }, changed: true },
    })
    expect(await limit()).toMatchObject({ slots: 2, rate: { count: 5, windowSeconds: 60 }, collision: 'replace-oldest' })
    expect(await register({ slots: 0 })).toMatchObject({ version: 1, changed: false, limit: { before: { slots: 2 }, after: { slots: 0 } } })
    expect(await limit()).toMatchObject({ slots: 0, rate: { count: 5, windowSeconds: 60 }, collision: 'replace-oldest' })
  })

  it('stays as it was set elsewhere when the registration says nothing about it', async () => {
    await register()
    await home.as.limits.set.mutate({ limit: ETL, slots: 7 })
    expect(await register(undefined, { description: 'second' })).toMatchObject({ version: 2, changed: true, limit: null })
    expect(await limit()).toMatchObject({ slots: 7 })
    await home.as.limits.delete.mutate({ limit: ETL })
    await register(undefined, { description: 'third' })
    expect(await codeOf(limit())).toBe('not_found')
  })

  it('is told by a dry run, which sets nothing', async () => {
    await register({ slots: 3 })
    expect(await register({ slots: 2 }, { dryRun: true })).toMatchObject({
      changed: false,
      limit: { before: { slots: 3 }, after: { slots: 2 }, changed: true },
    })
    expect(await limit()).toMatchObject({ slots: 3 })
    expect(await changes()).toEqual(['gave the deployment etl a limit: 3 slots'])
  })

  it('leaves a change in the audit when it differs, and none when it is the same again', async () => {
    await register({ slots: 3 })
    api.clock.advance({ seconds: 1 })
    await register({ slots: 2 })
    expect(await register({ slots: 2 })).toMatchObject({ limit: { changed: false } })
    expect(await changes()).toEqual(['changed the limit of the deployment etl: slots 3 → 2', 'gave the deployment etl a limit: 3 slots'])
  })

  it('is refused as a whole when it cannot be, and then nothing is registered', async () => {
    for (const wrong of [{ slots: -1 }, { slots: 1.5 }, { rate: { count: 1 } }, { collision: 'replace' }, {}])
      expect(await codeOf(register(wrong as DeploymentLimit))).toBe('invalid_input')
    expect(await refusalOf(register({ collision: 'cancel-new' }))).toMatchObject({
      code: 'invalid_input',
      message: 'etl has no limit yet, so collision has nothing to act on. Write limit or rate beside it.',
    })
    expect(await home.as.deployments.list.query()).toEqual([])
  })

  it('is not for those who may not set it', async () => {
    const viewer = await api.member(home.workspace.id, 'home', 'viewer')
    expect(await codeOf(viewer.as.deployments.register.mutate({ manifest: command('etl'), limit: { slots: 1 } }))).toBe('forbidden')
    expect(await home.as.deployments.list.query()).toEqual([])
  })
})
