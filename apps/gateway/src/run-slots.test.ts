import type { SlotsResponse } from '@towline/contract/run-api'
import { setLimit } from '@towline/engine/limits/set-limit'
import { cancelRun } from '@towline/engine/runs/cancel-run'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Gateway } from './start-gateway.ts'
import { TestAgent } from './testing/test-agent.ts'
import { openTestSite, type Tenant, type TestSite } from './testing/test-site.ts'

let site: TestSite
let second: Gateway
let tenant: Tenant
beforeAll(async () => {
  site = await openTestSite()
  second = await site.addGateway()
})
afterAll(() => site.close())
beforeEach(async () => {
  tenant = await site.addTenant()
  await limit(1)
})

const limit = (slots: number) =>
  setLimit(site.engine, { workspaceId: tenant.workspaceId, actor: 'ann', limit: { kind: 'tag', tag: 'api' }, slots })

const startRun = async () => {
  const agent = await TestAgent.connect(site.gateway.url, tenant.key)
  await site.addRuns(tenant, 1)
  const [run] = await agent.take(1)
  if (!run) throw new Error('no run')
  agent.cut()
  return { token: run.token, runId: run.spec.runId }
}
const send = async (method: 'POST' | 'DELETE', token: string, body: object, gateway = site.gateway) => {
  const response = await fetch(`${gateway.url}/v1/run/slots`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as SlotsResponse }
}
const waiting = () =>
  until(
    async () =>
      (await site.database.db.enginePool.query('select from waiter where workspace_id = $1', [tenant.workspaceId])).rowCount === 1,
  )

it('a task waits on a held call and starts when another run on another gateway frees the slot', async () => {
  const [a, b] = [await startRun(), await startRun()]
  const ask = { key: 'fetch', slots: { api: 1 } }
  expect(await send('POST', a.token, ask)).toEqual({
    status: 200,
    body: { granted: true, limited: ['api'], recheckSeconds: expect.any(Number) },
  })
  expect(await send('POST', b.token, { ...ask, waitSeconds: 0 }, second)).toEqual({
    status: 200,
    body: { granted: false, limit: { kind: 'tag', name: 'api' }, hold: 'full', place: 1, stop: null },
  })
  const held = send('POST', b.token, ask, second)
  await waiting()
  expect(await send('DELETE', a.token, { key: 'fetch' })).toEqual({ status: 200, body: {} })
  expect(await held).toMatchObject({ body: { granted: true } })
})

it('the end of a task, by its report, frees its slots too', async () => {
  const { token } = await startRun()
  for (const key of ['one', 'two']) await send('POST', token, { key, slots: { api: 1 }, waitSeconds: 0 })
  const held = send('POST', token, { key: 'two', slots: { api: 1 } })
  const items = [
    { kind: 'run.running', seq: 1, at: Date.now() },
    { kind: 'task', seq: 2, at: Date.now(), key: 'one', name: 'one', state: 'COMPLETED', try: 1 },
  ]
  await fetch(`${site.gateway.url}/v1/run/report`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ items }),
  })
  expect(await held).toMatchObject({ body: { granted: true } })
})

it('a tag without a limit holds nobody and nothing', async () => {
  const { token } = await startRun()
  expect(await send('POST', token, { key: 'x', slots: { free: 3 } })).toMatchObject({ body: { granted: true, limited: [] } })
  const { rows } = await site.database.db.enginePool.query('select from slot where workspace_id = $1', [tenant.workspaceId])
  expect(rows).toEqual([])
})

it('a cancelled run is told to stop on its held call', async () => {
  const [a, b] = [await startRun(), await startRun()]
  await send('POST', a.token, { key: 'x', slots: { api: 1 } })
  const held = send('POST', b.token, { key: 'x', slots: { api: 1 } })
  await waiting()
  await cancelRun(site.engine, { workspaceId: tenant.workspaceId, runId: b.runId, actor: 'ann' })
  expect(await held).toMatchObject({ status: 409 })
})

it('whoever hangs up is not given what is free afterwards', async () => {
  const [a, b] = [await startRun(), await startRun()]
  await send('POST', a.token, { key: 'x', slots: { api: 1 } })
  const hangUp = new AbortController()
  const held = fetch(`${site.gateway.url}/v1/run/slots`, {
    method: 'POST',
    headers: { authorization: `Bearer ${b.token}` },
    body: JSON.stringify({ key: 'x', slots: { api: 1 } }),
    signal: hangUp.signal,
  })
  await waiting()
  // Asked later, answered later: by now the other is told that it must wait.
  for (let more = 0; more < 2; more += 1) await send('POST', a.token, { key: 'x', slots: { api: 1 }, waitSeconds: 0 })
  hangUp.abort()
  await expect(held).rejects.toThrow()
  await send('DELETE', b.token, { key: 'x' })
  await send('DELETE', a.token, { key: 'x' })
  // Wakes every held call.
  site.engine.bus.publish('slots', [b.runId])
  for (let more = 0; more < 2; more += 1) await send('POST', a.token, { key: 'y', slots: { api: 1 }, waitSeconds: 0 })
  const { rows } = await site.database.db.enginePool.query('select run_id from slot union all select run_id from waiter')
  expect(rows.filter(({ run_id }) => run_id === b.runId)).toEqual([])
})

it('a bad request is refused by the name of its field', async () => {
  const { token } = await startRun()
  expect(await send('POST', token, { key: 'x', slots: { api: 0 } })).toMatchObject({ status: 400 })
  expect(await send('DELETE', 'tlr_none', { key: 'x' })).toMatchObject({ status: 401 })
})
