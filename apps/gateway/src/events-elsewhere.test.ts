import { revokeKey } from '@towline/engine/keys/revoke-key'
import { getLimit } from '@towline/engine/limits/get-limit'
import { releaseSlot } from '@towline/engine/limits/release-slot'
import { setLimit } from '@towline/engine/limits/set-limit'
import { updatePool } from '@towline/engine/pools/update-pool'
import { cancelRun } from '@towline/engine/runs/cancel-run'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statusFrame, TestAgent } from './testing/test-agent.ts'
import { openTestSite, SECRET, type Tenant, type TestSite } from './testing/test-site.ts'

let site: TestSite
let tenant: Tenant
beforeAll(async () => {
  // Polls are too slow to help: what arrives came by the bus.
  site = await openTestSite({ pollSeconds: 60 })
  tenant = await site.addTenant()
})
afterAll(() => site.close())

const connect = (hello = {}, url = site.gateway.url) => TestAgent.connect(url, tenant.key, hello)

describe('what happens in another process', () => {
  it('a cancel reaches the socket that holds the lease, with the grace of the deployment', async () => {
    await site.addDeployment(tenant.workspaceId, { variables: { graceSeconds: 7 } })
    const agent = await connect()
    const [runId = ''] = await site.addRuns(tenant, 1)
    await agent.take(1)
    agent.send(statusFrame({ runId, attempt: 1 }, 1, { kind: 'started', infrastructure: {} }))
    await agent.next('run.status-ack.v1')
    const web = site.otherProcess()
    await web.bus.ready()
    await site.engine.bus.ready()
    await cancelRun(web, { workspaceId: tenant.workspaceId, runId, actor: 'Ada' })
    expect(await agent.next('run.cancel.v1')).toMatchObject({ runId, attempt: 1, graceSeconds: 7 })
    agent.send(
      statusFrame({ runId, attempt: 1 }, 2, {
        kind: 'exited',
        exit: { exitCode: null, signal: 'SIGTERM', outOfMemory: false },
        cause: 'cancel',
      }),
    )
    await agent.next('run.status-ack.v1')
    expect(await site.run(runId)).toMatchObject({ state_name: 'Cancelled' })
    agent.cut()
  })

  it('a slot that is taken back tells the agent of its holder to stop it', async () => {
    const limit = { kind: 'tag', tag: 'scarce' } as const
    const own = await site.addTenant()
    const { workspaceId } = own
    await site.addDeployment(workspaceId, { tags: ['scarce'] })
    await setLimit(site.engine, { workspaceId, actor: 'Ada', limit, slots: 1 })
    const agent = await TestAgent.connect(site.gateway.url, own.key, {})
    const [runId = ''] = await site.addRuns(own, 1)
    await agent.take(1)
    const web = site.otherProcess()
    await web.bus.ready()
    const { holders } = await getLimit(web, { workspaceId, limit })
    const slotId = holders[0]?.slotId ?? ''
    await releaseSlot(web, { workspaceId, limit, slotId, reason: 'hangs', actor: 'Ada' })
    expect(await agent.next('run.cancel.v1')).toMatchObject({ runId, attempt: 1 })
    agent.cut()
  })

  it('a paused pool is told to its agents, and hands out nothing until it is resumed', async () => {
    const agent = await connect()
    await updatePool(site.engine, { workspaceId: tenant.workspaceId, name: 'main', paused: true })
    expect(await agent.next('pool.changed.v1')).toMatchObject({ pool: { paused: true } })
    agent.send({ type: 'run.pull.v1', credits: 1 })
    const [runId] = await site.addRuns(tenant, 1)
    await agent.settle()
    expect(agent.of('run.assigned.v1')).toEqual([])
    await updatePool(site.engine, { workspaceId: tenant.workspaceId, name: 'main', paused: false })
    expect((await agent.next('run.assigned.v1')).runs[0]?.spec.runId).toBe(runId)
    agent.cut()
  })

  it('a revoked key closes the sockets that it opened, and no other', async () => {
    const victim = await site.addTenant()
    const [agent, other] = [await TestAgent.connect(site.gateway.url, victim.key), await connect()]
    const web = site.otherProcess()
    await web.bus.ready()
    await revokeKey(web, { workspaceId: victim.workspaceId, id: victim.keyId, onlyOfUser: null })
    expect(await agent.end()).toMatchObject({ code: 4402 })
    await other.settle()
    expect(other.closed).toBeNull()
    other.cut()
  })

  it('the same agent twice: the older connection is closed as replaced, at this gateway and at another', async () => {
    const second = await site.addGateway()
    const first = await connect()
    const { agentId } = first.ready
    const here = await connect({ agentId })
    expect(await first.end()).toMatchObject({ code: 4409 })
    const there = await connect({ agentId }, second.url)
    expect(await here.end()).toMatchObject({ code: 4409 })
    await there.settle()
    expect(await site.agent(agentId)).toMatchObject({ gateway_id: second.gatewayId })
    there.cut()
  })

  it('runs that are created through one gateway process reach an agent at another', async () => {
    const second = await site.addGateway()
    const agent = await connect({}, second.url)
    agent.send({ type: 'run.pull.v1', credits: 1 })
    await agent.settle()
    await site.addRuns(tenant, 1)
    await agent.next('run.assigned.v1')
    agent.cut()
  })
})

describe('when something is away', () => {
  it('a silent agent is closed after four beats and shown offline', async () => {
    const fast = await site.addGateway({ heartbeatSeconds: 0.1 })
    const agent = await connect({}, fast.url)
    expect(await agent.end()).toMatchObject({ code: 4410 })
    await until(async () => (await site.agent(agent.ready.agentId))?.gateway_id === null)
  })

  it('database away: no acknowledgement but an error to try again, and the same report is taken later', async () => {
    const own = await openTestSite({ pollSeconds: 1 })
    const mine = await own.addTenant()
    const agent = await TestAgent.connect(own.gateway.url, mine.key)
    const [runId = ''] = await own.addRuns(mine, 1)
    await agent.take(1)
    try {
      own.cable.cut()
      const report = statusFrame({ runId, attempt: 1 }, 1, { kind: 'started', infrastructure: {} })
      agent.send(report)
      expect(await agent.next('frame.error.v1')).toMatchObject({
        code: 'unavailable',
        retry: true,
        reportId: report.reportId,
        of: 'run.status.v1',
      })
      expect(agent.of('run.status-ack.v1')).toEqual([])
      expect((await fetch(`${own.gateway.url}/readyz`)).status).toBe(503)
      expect((await fetch(`${own.gateway.url}/healthz`)).status).toBe(200)
      await own.cable.mend()
      await until(async () => {
        agent.send(report)
        return (await Promise.race([agent.next('run.status-ack.v1'), agent.next('frame.error.v1')])).type === 'run.status-ack.v1'
      })
      expect(await own.run(runId)).toMatchObject({ state_name: 'Running' })
    } finally {
      await own.close()
    }
  })

  it('on stop agents are asked to leave, reports in flight are taken, and what stays is closed as going away', async () => {
    const leaving = await site.addGateway({ drainSeconds: 0.3 })
    const [moving, staying] = [await connect({}, leaving.url), await connect({}, leaving.url)]
    const [runId = ''] = await site.addRuns(tenant, 1)
    await staying.take(1)
    const stopped = leaving.stop()
    await moving.next('agent.goaway.v1')
    await staying.next('agent.goaway.v1')
    moving.cut()
    staying.send({ type: 'run.pull.v1', credits: 5 }, statusFrame({ runId, attempt: 1 }, 1, { kind: 'started', infrastructure: {} }))
    await staying.next('run.status-ack.v1')
    expect(await staying.end()).toMatchObject({ code: 4501 })
    await stopped
    expect(await site.agent(staying.ready.agentId)).toMatchObject({ gateway_id: null })
    expect(staying.of('run.assigned.v1')).toEqual([])
  })

  it('secrets of this process never leave it in metrics', async () => {
    const text = await (await fetch(`${site.gateway.url}/metrics`)).text()
    expect(text).toContain('towline_gateway_sockets')
    expect(text).toContain('towline_gateway_claim_seconds')
    expect(text).not.toContain(SECRET)
  })
})
