import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { GatewayFrame } from '@towline/contract/frames'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statusFrame, TestAgent } from './testing/test-agent.ts'
import { openTestSite, type Tenant, type TestSite } from './testing/test-site.ts'

const golden = join(dirname(createRequire(import.meta.url).resolve('@towline/contract/frames')), 'golden/malformed')

let site: TestSite
let tenant: Tenant
beforeAll(async () => {
  site = await openTestSite({ pollSeconds: 0.2 })
  tenant = await site.addTenant()
})
afterAll(() => site.close())

const connect = (hello = {}) => TestAgent.connect(site.gateway.url, tenant.key, hello)
const events = async (runId: string): Promise<string[]> => {
  const { rows } = await site.database.db.enginePool.query(
    `select coalesce(state_name, kind) as what from run_event where run_id = $1 order by seq`,
    [runId],
  )
  return (rows as { what: string }[]).map((row) => row.what)
}
const exited = { kind: 'exited' as const, exit: { exitCode: 0, signal: null, outOfMemory: false }, cause: 'self' as const }
const started = { kind: 'started' as const, infrastructure: { pid: 1 } }

describe('frames', () => {
  it('every malformed message is answered with its error, and the connection goes on', async () => {
    const agent = await connect()
    for (const name of readdirSync(golden)) {
      const { message, error } = JSON.parse(readFileSync(join(golden, name), 'utf8')) as { message: string; error: GatewayFrame }
      agent.sendText(message)
      expect(await agent.next('frame.error.v1'), name).toEqual(error)
    }
    agent.sendText('{"type":"agent.sing.v1","song":"la"}')
    agent.sendText(`[${'['.repeat(50_000)}${']'.repeat(50_000)}]`)
    expect(await agent.next('frame.error.v1')).toMatchObject({ code: 'invalid_input' })
    await agent.settle()
    expect(agent.closed).toBeNull()
  })

  it('a message beyond 1 MiB ends that connection only, with its reason', async () => {
    const [agent, other] = [await connect(), await connect()]
    agent.sendText(`"${'x'.repeat(1024 * 1024)}"`)
    expect(await agent.end()).toMatchObject({ code: 4413 })
    const huge = await connect()
    huge.sendText(`"${'x'.repeat(5 * 1024 * 1024)}"`)
    expect(await huge.end()).toMatchObject({ code: expect.any(Number) })
    await other.settle()
  })
})

describe('handing out runs', () => {
  it('nothing without credit, never more than the credit, and all of it in one life from assigned to completed', async () => {
    const agent = await connect()
    const ids = await site.addRuns(tenant, 5)
    await agent.settle()
    expect(agent.of('run.assigned.v1')).toEqual([])
    const runs = await agent.take(3)
    expect(runs).toHaveLength(3)
    expect(ids).toEqual(expect.arrayContaining(runs.map(({ spec }) => spec.runId)))
    await agent.settle()
    expect(agent.of('run.assigned.v1')).toEqual([])
    for (const { spec } of runs) agent.send(statusFrame(spec, 1, started), statusFrame(spec, 2, exited))
    const acked: string[] = []
    while (acked.length < 6) acked.push(...(await agent.next('run.status-ack.v1')).reportIds)
    for (const { spec } of runs) expect(await site.run(spec.runId)).toMatchObject({ state_name: 'Completed', agent_id: null })
    expect(await agent.take(2)).toHaveLength(2)
    agent.cut()
  })

  it('a run that becomes ready wakes the agent that waits, without a poll', async () => {
    const agent = await connect()
    agent.send({ type: 'run.pull.v1', credits: 1 })
    await agent.settle()
    const [runId] = await site.addRuns(tenant, 1)
    const frame = await agent.next('run.assigned.v1')
    expect(frame.runs[0]?.spec.runId).toBe(runId)
    agent.cut()
  })

  it('two agents at once: every run goes to exactly one of them', async () => {
    const other = await site.addTenant()
    await site.addRuns(other, 20)
    const agents = await Promise.all([1, 2].map(() => TestAgent.connect(site.gateway.url, other.key)))
    for (const agent of agents) agent.send({ type: 'run.pull.v1', credits: 15 })
    const assigned = () =>
      agents.flatMap((agent) => agent.of('run.assigned.v1').flatMap((frame) => frame.runs.map((run) => run.spec.runId)))
    await until(() => assigned().length === 20)
    expect(new Set(assigned()).size).toBe(20)
    for (const agent of agents) expect(agent.of('run.assigned.v1').length).toBeGreaterThan(0)
  })

  it('only the agent that holds the lease is confirmed; a foreign agent is told that it is stale', async () => {
    const thief = await TestAgent.connect(site.gateway.url, (await site.addTenant()).key)
    const agent = await connect()
    await site.addRuns(tenant, 1)
    agent.send({ type: 'run.pull.v1', credits: 1 })
    const [run] = (await agent.next('run.assigned.v1')).runs
    const ref = { runId: run?.spec.runId ?? '', attempt: 1 }
    thief.send({ type: 'run.confirm.v1', runs: [ref] })
    agent.send({ type: 'run.confirm.v1', runs: [ref] })
    expect(await thief.next('run.confirmed.v1')).toEqual({ type: 'run.confirmed.v1', ok: [], stale: [ref] })
    expect(await agent.next('run.confirmed.v1')).toEqual({ type: 'run.confirmed.v1', ok: [ref], stale: [] })
    agent.cut()
  })

  it('what an agent did not confirm before it came back is taken back, what it confirmed is asked for', async () => {
    const agent = await connect()
    await site.addRuns(tenant, 2)
    const [kept] = await agent.take(1)
    agent.send({ type: 'run.pull.v1', credits: 1 })
    const unconfirmed = (await agent.next('run.assigned.v1')).runs[0]?.spec.runId ?? ''
    agent.cut()
    const again = await connect({ agentId: agent.ready.agentId })
    expect(again.ready.expected).toEqual([{ runId: kept?.spec.runId, attempt: 1 }])
    expect(await site.run(unconfirmed)).toMatchObject({ state_type: 'SCHEDULED' })
    const foreign = await connect({ inventory: [{ runId: unconfirmed, attempt: 1, phase: 'running' }] })
    expect(foreign.ready.stale).toEqual([{ runId: unconfirmed, attempt: 1 }])
    expect((await again.take(1)).map((run) => run.spec.runId)).toEqual([unconfirmed])
    again.cut()
    foreign.cut()
  })
})

describe('reports', () => {
  it('a report that comes twice is acknowledged twice and changes the run once', async () => {
    const agent = await connect()
    await site.addRuns(tenant, 1)
    const [run] = await agent.take(1)
    const ref = { runId: run?.spec.runId ?? '', attempt: 1 }
    agent.send(statusFrame(ref, 1, started), statusFrame(ref, 1, started))
    const acked: string[] = []
    while (acked.length < 2) acked.push(...(await agent.next('run.status-ack.v1')).reportIds)
    agent.send(statusFrame(ref, 2, exited))
    await agent.next('run.status-ack.v1')
    const before = await events(ref.runId)
    agent.send(statusFrame(ref, 2, exited))
    await agent.next('run.status-ack.v1')
    expect(await events(ref.runId)).toEqual(before)
    expect(before.filter((what) => what === 'Running')).toHaveLength(1)
    expect(before.filter((what) => what === 'Completed')).toHaveLength(1)
    agent.cut()
  })

  it('a report after the end is acknowledged and does not move the run', async () => {
    const agent = await connect()
    await site.addRuns(tenant, 1)
    const [run] = await agent.take(1)
    const ref = { runId: run?.spec.runId ?? '', attempt: 1 }
    agent.send(statusFrame(ref, 1, started), statusFrame(ref, 2, exited), statusFrame(ref, 3, { kind: 'lost', note: 'gone' }))
    const acked: string[] = []
    while (acked.length < 3) acked.push(...(await agent.next('run.status-ack.v1')).reportIds)
    expect(await site.run(ref.runId)).toMatchObject({ state_name: 'Completed' })
    agent.cut()
  })

  it('log lines are acknowledged by sequence, and lines that come twice are stored once', async () => {
    const agent = await connect()
    await site.addRuns(tenant, 1)
    const [run] = await agent.take(1)
    const frame = (from: number, to: number) => ({
      type: 'run.logs.v1' as const,
      runId: run?.spec.runId ?? '',
      attempt: 1,
      stream: 'stdout' as const,
      lines: Array.from({ length: to - from + 1 }, (_, i) => ({ seq: from + i, at: Date.now(), text: `line ${from + i} \0` })),
    })
    agent.send(frame(1, 3))
    expect(await agent.next('run.logs-ack.v1')).toMatchObject({ seq: 3 })
    agent.send(frame(2, 5), frame(1, 5))
    await agent.next('run.logs-ack.v1')
    expect(await agent.next('run.logs-ack.v1')).toMatchObject({ seq: 5 })
    const { rows } = await site.database.db.enginePool.query(`select seq from log_line where run_id = $1 order by seq`, [run?.spec.runId])
    expect(rows).toEqual([1, 2, 3, 4, 5].map((seq) => ({ seq })))
    agent.cut()
  })

  it("a heartbeat renews the leases that it names, and tells which are not this agent's", async () => {
    const agent = await connect()
    await site.addRuns(tenant, 1)
    const [run] = await agent.take(1)
    const ref = { runId: run?.spec.runId ?? '', attempt: 1 }
    const before = (await site.run(ref.runId)).lease_expires_at?.getTime() ?? 0
    await until(() => Date.now() % 10 === 0)
    agent.send({ type: 'agent.heartbeat.v1', runs: [ref, { ...ref, attempt: 2 }], load: { running: 1 }, draining: true, clock: Date.now() })
    expect((await agent.next('agent.heartbeat-ack.v1')).stale).toEqual([{ ...ref, attempt: 2 }])
    expect((await site.run(ref.runId)).lease_expires_at?.getTime()).toBeGreaterThan(before)
    expect(await site.agent(agent.ready.agentId)).toMatchObject({ draining: true, load: { running: 1 } })
    agent.cut()
  })
})
