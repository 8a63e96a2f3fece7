import { createHash } from 'node:crypto'
import { storeBundle } from '@towline/engine/bundles/store-bundle'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRunTokens } from './run-token.ts'
import { TestAgent } from './testing/test-agent.ts'
import { openTestSite, SECRET, type Tenant, type TestSite } from './testing/test-site.ts'

let site: TestSite
let tenant: Tenant
beforeAll(async () => {
  site = await openTestSite()
  tenant = await site.addTenant()
})
afterAll(() => site.close())

const call = async (path: string, token: string | null, init: RequestInit = {}) => {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(`${site.gateway.url}${path}`, { ...init, headers })
  return {
    status: response.status,
    body: (await response.json()) as { error?: { code: string; message: string; id?: string } } & Record<string, unknown>,
  }
}
const post = (token: string | null, body: unknown) =>
  call('/v1/run/report', token, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })

const startRun = async (owner = tenant) => {
  const agent = await TestAgent.connect(site.gateway.url, owner.key)
  await site.addRuns(owner, 1)
  const [run] = await agent.take(1)
  if (!run) throw new Error('no run')
  agent.cut()
  return { token: run.token, runId: run.spec.runId }
}

describe('the run API', () => {
  it('takes what a run says with the token that it was assigned with, once', async () => {
    const { token, runId } = await startRun()
    const items = [{ kind: 'run.running', seq: 1, at: Date.now() }]
    const logs = [{ seq: 1, at: Date.now(), text: 'hello', level: 'info' }]
    for (const _ of [1, 2]) expect(await post(token, { items, logs })).toEqual({ status: 200, body: { itemSeq: 1, logSeq: 1, stop: null } })
    expect(await post(token, { items: [{ kind: 'run.completed', seq: 2, at: Date.now(), result: { n: 1 } }] })).toMatchObject({
      status: 200,
      body: { itemSeq: 2 },
    })
    expect(await site.run(runId)).toMatchObject({ state_name: 'Completed' })
  })

  it('refuses no token, foreign tokens and tokens that were changed', async () => {
    const { token } = await startRun()
    const forged = createRunTokens('the secret of somebody else, long enough').sign({
      workspaceId: tenant.workspaceId,
      runId: tenant.workspaceId,
      attempt: 1,
    })
    for (const bad of [null, 'tlr_x', forged, `${token.slice(0, -2)}AA`, tenant.key]) {
      expect(await post(bad, { items: [] })).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } })
    }
  })

  it('a token for a run of another workspace finds nothing', async () => {
    const { runId } = await startRun()
    const other = await site.addTenant()
    const foreign = createRunTokens(SECRET).sign({ workspaceId: other.workspaceId, runId, attempt: 1 })
    expect(await post(foreign, { items: [{ kind: 'run.running', seq: 1, at: 1 }] })).toMatchObject({ status: 404 })
  })

  it('an attempt that was replaced is told to stop', async () => {
    const { runId } = await startRun()
    const old = createRunTokens(SECRET).sign({ workspaceId: tenant.workspaceId, runId, attempt: 9 })
    expect(await post(old, { items: [] })).toMatchObject({ status: 200, body: { stop: { reason: 'stale' } } })
  })

  it('bad bodies get an error that names the field, large ones 413, and wrong paths and methods say so', async () => {
    const { token } = await startRun()
    expect(await post(token, '{')).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_input', message: 'The body is not JSON.' } },
    })
    expect((await post(token, { items: [{ kind: 'run.running', seq: 0, at: 1 }] })).body.error?.message).toMatch(/^items\.0\.seq: /)
    expect(await post(token, 'x'.repeat(1024 * 1024 + 1))).toMatchObject({ status: 413, body: { error: { code: 'payload_too_large' } } })
    expect(await call('/v1/run/report', token)).toMatchObject({ status: 405 })
    expect(await call('/v1/run/dance', token)).toMatchObject({ status: 404 })
  })

  it('gives the code of its own run, byte for byte', async () => {
    const content = Buffer.from('export const flow = () => "grüße"\n')
    const sha256 = createHash('sha256').update(content).digest('hex')
    const owner = await site.addTenant()
    await storeBundle(site.engine, { workspaceId: owner.workspaceId, sha256, content })
    await site.addDeployment(owner.workspaceId, { code: { kind: 'bundle', sha256, sizeBytes: content.length, flow: 'flow' } })
    const { token } = await startRun(owner)
    const response = await fetch(`${site.gateway.url}/v1/run/bundle`, { headers: { authorization: `Bearer ${token}` } })
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true)
    const { token: none } = await startRun()
    expect(await call('/v1/run/bundle', none)).toMatchObject({ status: 404 })
  })
})
