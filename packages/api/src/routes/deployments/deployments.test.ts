import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, command, refusalOf, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
let home: Awaited<ReturnType<TestApi['tenant']>>
beforeAll(async () => {
  api = await startTestApi()
  home = await api.tenant('home')
  await home.as.pools.create.mutate({ name: 'boxes', type: 'docker' })
})
afterAll(() => api.close())

const register = (manifest: ReturnType<typeof command>, dryRun = false) => home.withKey.deployments.register.mutate({ manifest, dryRun })
const upload = (
  content: Buffer,
  { sha256 = createHash('sha256').update(content).digest('hex'), key = home.key.secret, method = 'PUT' } = {},
) => fetch(`${api.url}/api/bundles/${sha256}`, { method, headers: { authorization: `Bearer ${key}` }, body: content })

describe('deployments.register', () => {
  it('makes the deployment, and the same content is the same version', async () => {
    const first = await register(command('etl', { tags: ['b', 'a'], description: 'daily' }))
    expect(first).toMatchObject({ version: 1, created: true, changed: true })
    expect(first.deployment).toMatchObject({
      name: 'etl',
      flow: 'etl',
      poolName: 'blue',
      queueName: 'default',
      tags: ['a', 'b'],
      codeKind: 'command',
      description: 'daily',
      recent: [],
    })
    expect(await register(command('etl', { description: 'daily', tags: ['a', 'b', 'a'] }))).toMatchObject({
      version: 1,
      created: false,
      changed: false,
    })
    expect(await register(command('etl', { description: 'hourly' }))).toMatchObject({ version: 2, created: false, changed: true })
    expect(await register(command('etl', { description: 'daily', tags: ['a', 'b'] }))).toMatchObject({
      version: 1,
      created: false,
      changed: true,
    })
    const detail = await home.as.deployments.get.query({ name: 'etl' })
    expect(detail.manifest).toMatchObject({ name: 'etl', description: 'daily', retries: { crashes: 2 } })
    expect(detail.versions.map((version) => version.number)).toEqual([2, 1])
    expect(detail.versions[1]?.createdBy).toBe(`${home.user.name} (laptop)`)
  })

  it('gives one version to many clients that register the same at once, and one number to each other content', async () => {
    const same = await Promise.all(Array.from({ length: 8 }, () => register(command('storm'))))
    expect(new Set(same.map((one) => one.version))).toEqual(new Set([1]))
    expect(same.filter((one) => one.created)).toHaveLength(1)
    const others = await Promise.all(Array.from({ length: 6 }, (_, index) => register(command('storm', { description: `n${index}` }))))
    expect(others.map((one) => one.version).sort()).toEqual([2, 3, 4, 5, 6, 7])
  })

  it('says what a dry run would do, and does nothing', async () => {
    expect(await register(command('dry'), true)).toMatchObject({ version: 1, created: true, changed: true, deployment: { name: 'dry' } })
    expect(await codeOf(home.as.deployments.get.query({ name: 'dry' }))).toBe('not_found')
  })

  it('tries code that is not uploaded yet, as a dry run uploads nothing', async () => {
    const code = { kind: 'bundle', sha256: 'b'.repeat(64), sizeBytes: 3, flow: 'etl' }
    expect(await register(command('dry', { code }), true)).toMatchObject({ version: 1, created: true })
  })

  it('names the command that makes a missing pool, and the queues that exist', async () => {
    const pool = await refusalOf(register(command('x', { pool: 'green' })))
    expect(pool).toMatchObject({
      code: 'not_found',
      message: 'There is no work pool green. Create it: towline pools create green --type process',
    })
    expect((await refusalOf(register(command('x', { queue: 'fast' })))).message).toBe(
      'The work pool blue has no queue fast. It has: default. Create it: towline queues create fast --pool blue',
    )
  })

  it('refuses images on pools of processes and code that was not uploaded', async () => {
    expect((await refusalOf(register(command('x', { code: { kind: 'image', image: 'a:1' } })))).message).toContain('type docker')
    expect(await register(command('boxed', { pool: 'boxes', code: { kind: 'image', image: 'a:1' } }))).toMatchObject({ version: 1 })
    const code = { kind: 'bundle', sha256: 'a'.repeat(64), sizeBytes: 3, flow: 'etl' }
    expect(await refusalOf(register(command('x', { code })))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('PUT /api/bundles/'),
    })
  })

  it('refuses schemas that are none, defaults that do not fit and manifests that are too large', async () => {
    const schema = { type: 'object', properties: { size: { type: 'integer' }, name: { type: 'string' } }, required: ['name'] }
    expect(await codeOf(register(command('x', { parameterSchema: { type: 'string' } })))).toBe('invalid_input')
    expect(
      (await refusalOf(register(command('x', { parameterSchema: { type: 'object', properties: { a: { type: 'nonsense' } } } })))).code,
    ).toBe('invalid_input')
    const wrong = await refusalOf(register(command('x', { parameterSchema: schema, parameters: { size: 'big' } })))
    expect(wrong).toMatchObject({ code: 'invalid_parameters', message: expect.stringContaining('"size"') })
    expect((await refusalOf(register(command('x', { parameterSchema: schema, parameters: { sise: 1 } })))).message).toContain('sise')
    expect(await register(command('fits', { parameterSchema: schema, parameters: { size: 1 } }))).toMatchObject({ version: 1 })
    const large = { type: 'object', properties: { a: { type: 'string', description: 'x'.repeat(260 * 1024) } } }
    expect(await refusalOf(register(command('x', { parameterSchema: large })))).toMatchObject({
      code: 'payload_too_large',
      httpStatus: 413,
    })
  })

  it('is for admins', async () => {
    const operator = await api.member(home.workspace.id, 'home', 'operator')
    expect(await codeOf(operator.as.deployments.register.mutate({ manifest: command('x') }))).toBe('forbidden')
    expect(await codeOf(api.anybody.deployments.register.mutate({ manifest: command('x') }))).toBe('unauthenticated')
  })
})

describe('PUT /api/bundles', () => {
  it('stores code by its content, once, and lets it be registered', async () => {
    const content = Buffer.from('export const etl = 1')
    const sha256 = createHash('sha256').update(content).digest('hex')
    const [first, second] = [await upload(content), await upload(content)]
    expect([first.status, second.status]).toEqual([201, 200])
    expect(await second.json()).toEqual({ sha256, sizeBytes: content.length, created: false })
    expect(await register(command('bundled', { code: { kind: 'bundle', sha256, sizeBytes: content.length, flow: 'etl' } }))).toMatchObject({
      version: 1,
    })
  })

  it('refuses content that is not what was announced, or too large, or from nobody', async () => {
    const errorOf = async (response: Response) => [response.status, ((await response.json()) as { error: { code: string } }).error.code]
    expect(await errorOf(await upload(Buffer.from('a'), { sha256: 'b'.repeat(64) }))).toEqual([400, 'invalid_input'])
    expect(await errorOf(await upload(Buffer.from('a'), { sha256: 'no-hash' }))).toEqual([400, 'invalid_input'])
    expect(await errorOf(await upload(Buffer.alloc(20 * 1024 * 1024 + 1)))).toEqual([413, 'payload_too_large'])
    expect(await errorOf(await upload(Buffer.from('a'), { key: 'tlk_wrong' }))).toEqual([401, 'unauthenticated'])
    expect(await errorOf(await upload(Buffer.from('a'), { method: 'POST' }))).toEqual([400, 'invalid_input'])
  })
})

describe('deployments', () => {
  it('are paused by operators, listed with their last runs, and deleted only when nothing of them is alive', async () => {
    await register(command('busy'))
    const operator = await api.member(home.workspace.id, 'home', 'operator')
    const run = await operator.as.runs.create.mutate({ deployment: 'busy' })
    expect(await operator.as.deployments.update.mutate({ name: 'busy', paused: true })).toMatchObject({ paused: true })
    expect((await operator.as.runs.get.query({ id: run.id })).waiting).toMatchObject({ gate: 'deployment-paused' })
    expect(await operator.as.deployments.update.mutate({ name: 'busy', paused: false })).toMatchObject({ paused: false })
    expect((await operator.as.runs.get.query({ id: run.id })).waiting).toMatchObject({ gate: 'no-agent' })
    const listed = (await home.as.deployments.list.query()).find((deployment) => deployment.name === 'busy')
    expect(listed?.recent).toEqual([{ id: run.id, state: 'Scheduled', durationMs: null, at: run.createdAt }])
    expect(await refusalOf(home.as.deployments.delete.mutate({ name: 'busy' }))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(run.name),
    })
    await operator.as.runs.cancel.mutate({ id: run.id })
    expect(await codeOf(operator.as.deployments.delete.mutate({ name: 'busy' }))).toBe('forbidden')
    await home.as.deployments.delete.mutate({ name: 'busy' })
    expect(await codeOf(home.as.deployments.get.query({ name: 'busy' }))).toBe('not_found')
    expect(await codeOf(home.as.runs.get.query({ id: run.id }))).toBe('not_found')
  })
})
