import { retryRun } from '@towline/engine/runs/retry-run'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRunTokens } from './run-token.ts'
import { statusFrame, TestAgent } from './testing/test-agent.ts'
import { openTestSite, SECRET, type Tenant, type TestSite } from './testing/test-site.ts'

let site: TestSite
let tenant: Tenant
beforeAll(async () => {
  site = await openTestSite()
  tenant = await site.addTenant('process', { retries: { failures: 0, crashes: 0, delaySeconds: 0, factor: 1, jitter: 0 } })
})
afterAll(() => site.close())

const call = async (path: string, token: string, init: RequestInit = {}) => {
  const response = await fetch(`${site.gateway.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const RESULTS = '/v1/run/results'
const hash = 'a'.repeat(64)

it('gives an attempt that was told to reuse what earlier ones returned, and nobody else', async () => {
  const agent = await TestAgent.connect(site.gateway.url, tenant.key)
  const [runId = ''] = await site.addRuns(tenant, 1)
  const [first] = await agent.take(1)
  if (!first) throw new Error('no run')
  expect(first.spec.reuse).toBeUndefined()
  expect(await call(RESULTS, first.token)).toEqual({ status: 200, body: { results: [], next: null } })
  const item = { kind: 'task', at: Date.now(), key: 'a', name: 'a', try: 1 }
  const items = [
    { ...item, seq: 1, state: 'RUNNING', inputHash: hash },
    { ...item, seq: 2, state: 'COMPLETED', result: '{"__proto__":1,"n":1.0}' },
  ]
  expect(await call('/v1/run/report', first.token, { method: 'POST', body: JSON.stringify({ items }) })).toMatchObject({ status: 200 })
  agent.send(statusFrame(first.spec, 1, { kind: 'exited', exit: { exitCode: 1, signal: null, outOfMemory: false }, cause: 'self' }))
  await agent.settle()
  await retryRun(site.engine, { workspaceId: tenant.workspaceId, runId, actor: 'Ada', mode: 'from-failed' })
  const [second] = await agent.take(1)
  if (!second) throw new Error('no second attempt')
  expect(second.spec).toMatchObject({ runId, attempt: 2, reuse: true })
  expect(await call(RESULTS, second.token)).toEqual({
    status: 200,
    body: { results: [{ key: 'a', name: 'a', inputHash: hash, attempt: 1, result: '{"__proto__":1,"n":1.0}', alone: true }], next: null },
  })
  const stale = { status: 409, body: { error: { code: 'stale_attempt' } } }
  expect(await call(RESULTS, first.token)).toMatchObject(stale)
  const other = await site.addTenant()
  expect(await call(RESULTS, createRunTokens(SECRET).sign({ workspaceId: other.workspaceId, runId, attempt: 2 }))).toMatchObject(stale)
  expect(await call(RESULTS, tenant.key)).toMatchObject({ status: 401 })
  expect(await call(`${RESULTS}?cursor=x`, second.token)).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } })
  expect(await call(RESULTS, second.token, { method: 'POST', body: '{}' })).toMatchObject({ status: 405 })
  agent.cut()
})
