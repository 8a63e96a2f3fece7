import { createKey } from '@towline/engine/keys/create-key'
import { revokeKey } from '@towline/engine/keys/revoke-key'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { helloFrame, TestAgent } from './testing/test-agent.ts'
import { openTestSite, type Tenant, type TestSite } from './testing/test-site.ts'

let site: TestSite
let tenant: Tenant
beforeAll(async () => {
  site = await openTestSite({ helloSeconds: 0.3, heartbeatSeconds: 1 })
  tenant = await site.addTenant()
})
afterAll(() => site.close())

const refused = async (key: string, hello: object = {}): Promise<{ code: number; reason: string }> => {
  const agent = await TestAgent.dial(site.gateway.url, key)
  agent.sendText(JSON.stringify({ ...helloFrame(), ...hello }))
  return agent.end()
}

describe('connecting', () => {
  it('a good key gets ready with the pool, the intervals and a new id, which is online and kept across connections', async () => {
    const agent = await connect()
    const { ready } = agent
    expect(ready).toMatchObject({
      pool: { name: 'main', type: 'process', paused: false },
      heartbeatSeconds: 1,
      leaseSeconds: 4,
      stale: [],
      expected: [],
    })
    expect(await site.agent(ready.agentId)).toMatchObject({ gateway_id: site.gateway.gatewayId, name: 'test-agent' })
    agent.cut()
    await until(async () => (await site.agent(ready.agentId))?.gateway_id === null, { what: 'offline' })
    const again = await connect({ agentId: ready.agentId, name: 'renamed' })
    expect(again.ready.agentId).toBe(ready.agentId)
    expect(await site.agent(ready.agentId)).toMatchObject({ name: 'renamed', gateway_id: site.gateway.gatewayId })
  })

  it('an id of another tenant is not taken over: the agent gets one of its own', async () => {
    const other = await site.addTenant()
    const { ready } = await TestAgent.connect(site.gateway.url, other.key)
    const mine = await connect({ agentId: ready.agentId })
    expect(mine.ready.agentId).not.toBe(ready.agentId)
  })

  it('without a key the upgrade is refused with 401, elsewhere with 404', async () => {
    const answer = (path: string, headers: Record<string, string>): Promise<number> =>
      fetch(`${site.gateway.url}${path}`, { headers }).then((response) => response.status)
    expect(await answer('/v1/agent', {})).toBe(426)
    await expect(TestAgent.dial(site.gateway.url, '')).rejects.toThrow('401')
    await expect(TestAgent.dial(`${site.gateway.url}/elsewhere`, 'tla_x')).rejects.toThrow('404')
  })

  it('unknown, revoked and expired keys are told apart, with reasons that are final', async () => {
    const { workspaceId, userId } = tenant
    const make = () => createKey(site.engine, { workspaceId, userId, kind: 'agent', pool: 'main', name: 'k', expiresInDays: 1 })
    const [revoked, expired] = [await make(), await make()]
    await revokeKey(site.engine, { workspaceId, id: revoked.id, onlyOfUser: null })
    await site.database.db.enginePool.query(`update api_key set expires_at = now() - interval '1 minute' where id = $1`, [expired.id])
    expect(await refused('tla_nobody')).toMatchObject({ code: 4401 })
    expect(await refused(revoked.secret)).toMatchObject({ code: 4402 })
    expect(await refused(expired.secret)).toMatchObject({ code: 4403 })
  })

  it('another protocol and another type of pool are refused in words', async () => {
    expect(await refused(tenant.key, { protocol: 7 })).toEqual({ code: 4426, reason: expect.stringContaining('protocol 7') })
    expect(await refused(tenant.key, { type: 'agent.hello.v9' })).toMatchObject({ code: 4426 })
    expect(await refused(tenant.key, { poolType: 'docker' })).toEqual({ code: 4406, reason: expect.stringContaining('process') })
  })

  it('who says nothing, or something else first, is told and closed in time', async () => {
    const agent = await TestAgent.dial(site.gateway.url, tenant.key)
    agent.send({ type: 'run.pull.v1', credits: 3 })
    expect(await agent.next('frame.error.v1')).toMatchObject({ of: 'run.pull.v1', retry: false })
    expect(await agent.end()).toMatchObject({ code: 4408 })
  })

  it('the clock of the agent is shown as skew and orders nothing', async () => {
    const hour = 3_600_000
    const { ready } = await connect({ clock: Date.now() + hour })
    const agent = await site.agent(ready.agentId)
    expect(Math.abs((agent?.skew_ms ?? 0) - hour)).toBeLessThan(5000)
    expect(Math.abs((agent?.last_seen_at.getTime() ?? 0) - Date.now())).toBeLessThan(5000)
  })
})

const connect = (hello: Parameters<typeof TestAgent.connect>[2] = {}) => TestAgent.connect(site.gateway.url, tenant.key, hello)
