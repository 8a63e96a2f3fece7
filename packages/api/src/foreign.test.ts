import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appRouter } from './router.ts'
import { command, startTestApi, type TestApi } from './testing/test-api.ts'

/** What a stranger may be told about what belongs to others. */
type Expected = 'not_found' | 'nothing' | 'own'

let api: TestApi
let victim: Awaited<ReturnType<TestApi['tenant']>>
let stranger: Awaited<ReturnType<TestApi['tenant']>>
let runId: string
let loginCode: string

beforeAll(async () => {
  api = await startTestApi()
  victim = await api.tenant('victim')
  stranger = await api.tenant('stranger')
  await stranger.as.pools.delete.mutate({ name: 'blue' })
  await victim.as.pools.update.mutate({ name: 'blue', description: 'precious' })
  await victim.as.queues.create.mutate({ pool: 'blue', name: 'calm', priority: 900 })
  await victim.as.deployments.register.mutate({ manifest: command('etl') })
  runId = (await victim.as.runs.create.mutate({ deployment: 'etl', name: 'secret-run' })).id
  loginCode = (await api.anybody.login.start.mutate({ clientName: 'x' })).userCode
})
afterAll(() => api.close())

const PUBLIC = ['auth.signUp', 'login.start', 'login.poll']

/** One line for every procedure: with what of the victim's a stranger calls it, and what they may learn. */
const CALLS: Record<string, { input?: () => unknown; expected: Expected }> = {
  'auth.whoami': { expected: 'own' },
  'auth.signUp': { input: () => ({ email: 'new@towline.test', password: 'correct horse', name: 'N' }), expected: 'own' },
  'login.start': { input: () => ({ clientName: 'x' }), expected: 'own' },
  'login.poll': { input: () => ({ deviceCode: 'x' }), expected: 'own' },
  // Whoever knows a waiting code may look at it: that is what the code is for. It leads into one's own workspaces only.
  'login.get': { input: () => ({ userCode: loginCode }), expected: 'own' },
  'login.approve': { input: () => ({ userCode: loginCode, workspaceId: victim.workspace.id }), expected: 'own' },
  'login.deny': { input: () => ({ userCode: 'ZZZZ-ZZZZ' }), expected: 'not_found' },
  'workspaces.create': { input: () => ({ name: 'mine' }), expected: 'own' },
  'workspaces.list': { expected: 'own' },
  'workspaces.update': { input: () => ({ name: 'mine' }), expected: 'own' },
  'pools.list': { expected: 'nothing' },
  'pools.get': { input: () => ({ name: 'blue' }), expected: 'not_found' },
  'pools.create': { input: () => ({ name: 'green', type: 'docker' }), expected: 'own' },
  'pools.update': { input: () => ({ name: 'blue', paused: true }), expected: 'not_found' },
  'pools.delete': { input: () => ({ name: 'blue' }), expected: 'not_found' },
  'pools.history': { input: () => ({ name: 'blue' }), expected: 'not_found' },
  'queues.create': { input: () => ({ pool: 'blue', name: 'mine' }), expected: 'not_found' },
  'queues.update': { input: () => ({ pool: 'blue', name: 'default', paused: true, priority: 1 }), expected: 'not_found' },
  'queues.delete': { input: () => ({ pool: 'blue', name: 'calm' }), expected: 'not_found' },
  'agents.list': { input: () => ({ pool: 'blue' }), expected: 'nothing' },
  'keys.list': { expected: 'own' },
  'keys.create': { input: () => ({ kind: 'agent', name: 'x', pool: 'blue' }), expected: 'not_found' },
  'keys.revoke': { input: () => ({ id: victim.key.id }), expected: 'not_found' },
  'deployments.list': { expected: 'nothing' },
  'deployments.get': { input: () => ({ name: 'etl' }), expected: 'not_found' },
  'deployments.register': { input: () => ({ manifest: command('etl') }), expected: 'not_found' },
  'deployments.update': { input: () => ({ name: 'etl', paused: true }), expected: 'not_found' },
  'deployments.delete': { input: () => ({ name: 'etl' }), expected: 'not_found' },
  'runs.list': { input: () => ({ filter: { deployment: 'etl' } }), expected: 'nothing' },
  'runs.get': { input: () => ({ id: runId }), expected: 'not_found' },
  'runs.create': { input: () => ({ deployment: 'etl' }), expected: 'not_found' },
  'runs.cancel': { input: () => ({ id: runId }), expected: 'not_found' },
  'runs.retry': { input: () => ({ id: runId }), expected: 'not_found' },
  'runs.events': { input: () => ({ id: runId }), expected: 'not_found' },
  'runs.tasks': { input: () => ({ id: runId }), expected: 'not_found' },
  'runs.logs': { input: () => ({ id: runId }), expected: 'not_found' },
  'runs.watch': { input: () => ({ id: runId }), expected: 'not_found' },
  'limits.list': { input: () => ({}), expected: 'nothing' },
  'limits.get': { input: () => ({ limit: { kind: 'deployment', deployment: 'etl' } }), expected: 'not_found' },
  'limits.set': { input: () => ({ limit: { kind: 'deployment', deployment: 'etl' }, slots: 0 }), expected: 'not_found' },
  'limits.delete': { input: () => ({ limit: { kind: 'deployment', deployment: 'etl' } }), expected: 'not_found' },
  'limits.release': {
    input: () => ({ limit: { kind: 'deployment', deployment: 'etl' }, slotId: runId, reason: 'because' }),
    expected: 'not_found',
  },
  'limits.history': { input: () => ({ limit: { kind: 'deployment', deployment: 'etl' } }), expected: 'not_found' },
  'limits.rehearse': { input: () => ({ limit: { kind: 'deployment', deployment: 'etl' }, slots: 1, rate: null }), expected: 'not_found' },
  'limits.suggestions': { expected: 'nothing' },
  'limits.ledger': { expected: 'own' },
  'limits.changes': { input: () => ({ limit: { kind: 'deployment', deployment: 'etl' } }), expected: 'not_found' },
  'audit.list': { input: () => ({ filter: { subject: 'deployment:etl' } }), expected: 'nothing' },
  'live.changes': { expected: 'own' },
  'guide.get': { expected: 'own' },
  'guide.dismiss': { expected: 'own' },
  'overview.get': { expected: 'own' },
}

const procedures = Object.entries(appRouter._def.procedures).map(([path, procedure]) => ({
  path,
  type: (procedure as unknown as { _def: { type: string } })._def.type,
}))

/** A plain HTTP call, as any client could make it. Answers of streams are cut after the first event. */
const call = async (
  path: string,
  type: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string; code: string | null }> => {
  const body = JSON.stringify({ json: CALLS[path]?.input?.() ?? null })
  const stop = new AbortController()
  const query = type === 'mutation' ? '' : `?input=${encodeURIComponent(body)}`
  const response = await fetch(`${api.url}/api/trpc/${path}${query}`, {
    method: type === 'mutation' ? 'POST' : 'GET',
    headers: { ...headers, 'content-type': 'application/json', ...(type === 'subscription' && { accept: 'text/event-stream' }) },
    ...(type === 'mutation' && { body }),
    signal: stop.signal,
  })
  let text = ''
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    text += decoder.decode(chunk.value)
    if (type === 'subscription' && (/"topics"/.test(text) || /serialized-error[\s\S]*data:/.test(text))) break
  }
  stop.abort()
  return { status: response.status, text, code: /"towline":\{"code":"(\w+)"/.exec(text)?.[1] ?? null }
}

it('has a line for every procedure of the router', () => {
  expect(Object.keys(CALLS).sort()).toEqual(procedures.map(({ path }) => path).sort())
})

const closed = procedures.filter(({ path }) => !PUBLIC.includes(path))
const ofWorkspaces = closed.filter(
  ({ path }) => !path.startsWith('login.') && !['auth.whoami', 'workspaces.create', 'workspaces.list'].includes(path),
)

describe.each(closed)('$path', ({ path, type }) => {
  it('refuses a caller without a key or session, or with an unknown key', async () => {
    expect((await call(path, type, {})).code).toBe('unauthenticated')
    expect((await call(path, type, { authorization: `Bearer tlk_${'x'.repeat(43)}` })).code).toBe('unauthenticated')
  })
})

describe.each(ofWorkspaces)('$path', ({ path, type }) => {
  it('does not let a session into a workspace of others', async () => {
    const headers = { cookie: `session=${stranger.user.id}`, 'x-towline-client': 'test', 'x-towline-workspace': 'victim' }
    expect((await call(path, type, headers)).code).toBe('not_found')
  })
})

describe.each(procedures)('$path', ({ path, type }) => {
  it('shows and changes nothing of another tenant', async () => {
    const { code, text, status } = await call(path, type, { authorization: `Bearer ${stranger.key.secret}` })
    const expected = CALLS[path]?.expected
    if (expected === 'not_found') expect(code).toBe('not_found')
    // A key cannot make workspaces or approve other keys; it is told so and learns nothing.
    else expect([null, 'forbidden']).toContain(code)
    if (expected === 'nothing') {
      const { json } = JSON.parse(text).result.data
      expect([status, json.items ?? json]).toEqual([200, []])
    }
    const secrets = [victim.workspace.id, victim.pool.id, victim.key.id, runId, 'secret-run', 'precious', victim.user.email]
    for (const secret of secrets) expect(text).not.toContain(secret)
  })
})

it('left everything of the victim as it was', async () => {
  expect(await victim.as.pools.get.query({ name: 'blue' })).toMatchObject({ paused: false, description: 'precious', deployments: 1 })
  expect((await victim.as.pools.get.query({ name: 'blue' })).queues).toMatchObject([
    { name: 'default', priority: 100, paused: false },
    { name: 'calm', priority: 900, paused: false },
  ])
  expect(await victim.as.deployments.get.query({ name: 'etl' })).toMatchObject({ paused: false, version: 1 })
  expect(await victim.as.runs.get.query({ id: runId })).toMatchObject({ state: { name: 'Scheduled' } })
  expect((await victim.as.keys.list.query()).find((key) => key.id === victim.key.id)?.revokedAt).toBeNull()
  expect((await victim.as.workspaces.list.query()).map((workspace) => workspace.name)).toEqual(['victim'])
})

it('of a bundle of another tenant makes no version', async () => {
  const content = Buffer.from('export {}')
  const sha256 = createHash('sha256').update(content).digest('hex')
  await fetch(`${api.url}/api/bundles/${sha256}`, {
    method: 'PUT',
    body: content,
    headers: { authorization: `Bearer ${victim.key.secret}` },
  })
  await stranger.as.pools.create.mutate({ name: 'blue', type: 'process' })
  const manifest = command('thief', { code: { kind: 'bundle', sha256, sizeBytes: content.length, flow: 'etl' } })
  await expect(stranger.as.deployments.register.mutate({ manifest })).rejects.toThrow('is not uploaded')
})
