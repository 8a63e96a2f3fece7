import { createHash } from 'node:crypto'
import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../runs/test-world.ts'
import { type AgentIdentity, authenticateAgent } from './authenticate-agent.ts'
import { connectAgent } from './connect-agent.ts'
import { disconnectAgents } from './disconnect-agents.ts'
import { findDisplacedAgents } from './find-displaced-agents.ts'
import { findEndedKeys } from './find-ended-keys.ts'
import { recordHeartbeats } from './record-heartbeats.ts'
import { sweepAgents } from './sweep-agents.ts'

let world: World
let identity: AgentIdentity
beforeAll(async () => {
  world = await createWorld()
  identity = await authenticateAgent(world.ctx, { key: await addKey('tla_good') })
})
afterAll(() => world.close())

const hello = {
  name: 'box',
  version: '1',
  host: { hostname: 'h', os: 'l', arch: 'x', cpus: 1, memoryMb: 1, pid: 1 },
  capacity: 3,
  capabilities: [],
  clock: 0,
}

const addKey = async (key: string, tenant: { workspaceId: string; poolId: string } = world): Promise<string> => {
  await world.query(
    `insert into api_key (id, workspace_id, kind, name, prefix, hash, pool_id, created_at) values ($1, $2, 'agent', 'k', 'tla_', $3, $4, $5)`,
    [newId(), tenant.workspaceId, createHash('sha256').update(key).digest(), tenant.poolId, world.clock.now()],
  )
  return key
}
const connect = (gatewayId: string, agentId?: string) =>
  connectAgent(world.ctx, {
    identity,
    gatewayId,
    hello: { ...hello, ...(agentId && { agentId }), clock: world.clock.now().getTime() + 1500 },
  })
const row = async (agentId: string) =>
  (
    await world.query<{ gateway_id: string | null; skew_ms: number; load: { running?: number } }>(
      'select gateway_id, skew_ms, load from agent where id = $1',
      [agentId],
    )
  )[0]
const beat = (agentId: string, running: number) => ({ agentId, load: { running }, draining: false, clock: world.clock.now().getTime() })

describe('keys of agents', () => {
  it('a good key says its workspace and pool, and its use is noted at most once a minute', async () => {
    const key = await addKey('tla_used')
    const used = async () =>
      (
        await world.query<{ at: Date }>('select last_used_at as at from api_key where hash = $1', [
          createHash('sha256').update(key).digest(),
        ])
      )[0]?.at
    expect(await authenticateAgent(world.ctx, { key })).toMatchObject({
      workspaceId: world.workspaceId,
      pool: { id: world.poolId, paused: false },
    })
    const first = await used()
    world.clock.advance({ seconds: 30 })
    await authenticateAgent(world.ctx, { key })
    expect(await used()).toEqual(first)
    world.clock.advance({ seconds: 31 })
    await authenticateAgent(world.ctx, { key })
    expect(await used()).toEqual(world.clock.now())
  })

  it('unknown, revoked and expired keys are refused by name, and found while their sockets are open', async () => {
    const [revoked, expired] = [await addKey('tla_revoked'), await addKey('tla_expired')]
    const ids = [await authenticateAgent(world.ctx, { key: revoked }), await authenticateAgent(world.ctx, { key: expired })].map(
      (one) => one.keyId,
    )
    await world.query('update api_key set revoked_at = $2 where id = $1', [ids[0], world.clock.now()])
    await world.query('update api_key set expires_at = $2 where id = $1', [ids[1], world.clock.now()])
    await expect(authenticateAgent(world.ctx, { key: 'tla_none' })).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(authenticateAgent(world.ctx, { key: revoked })).rejects.toMatchObject({ code: 'key_revoked' })
    await expect(authenticateAgent(world.ctx, { key: expired })).rejects.toMatchObject({ code: 'key_expired' })
    const gone = newId()
    expect(await findEndedKeys(world.ctx, { keyIds: [...ids, gone, identity.keyId] })).toEqual([
      { keyId: ids[0], reason: 'key_revoked' },
      { keyId: ids[1], reason: 'key_expired' },
      { keyId: gone, reason: 'pool_deleted' },
    ])
  })
})

describe('presence', () => {
  it('the gateway that connected an agent last holds it: the other can neither beat for it nor take it offline', async () => {
    const [first, second] = [newId(), newId()]
    const { agentId } = await connect(first)
    expect(await row(agentId)).toMatchObject({ gateway_id: first, skew_ms: 1500 })
    expect((await connect(second, agentId)).agentId).toBe(agentId)
    expect(await recordHeartbeats(world.ctx, { gatewayId: first, beats: [beat(agentId, 7)] })).toEqual([false])
    await disconnectAgents(world.ctx, { agentIds: [agentId], gatewayId: first })
    expect(await row(agentId)).toMatchObject({ gateway_id: second, load: {} })
    expect(await findDisplacedAgents(world.ctx, { agentIds: [agentId], gatewayId: first })).toEqual([agentId])
    expect(await findDisplacedAgents(world.ctx, { agentIds: [agentId], gatewayId: second })).toEqual([])
  })

  it('an agent whose gateway died is offline after a lease, and back with the next beat when it had not', async () => {
    const gatewayId = newId()
    const [silent, beating] = [(await connect(gatewayId)).agentId, (await connect(gatewayId)).agentId]
    world.clock.advance({ seconds: 39 })
    expect(await recordHeartbeats(world.ctx, { gatewayId, beats: [beat(beating, 1), beat(beating, 2)] })).toEqual([true, true])
    expect((await row(beating))?.load.running).toBe(2)
    world.clock.advance({ seconds: 2 })
    await sweepAgents(world.ctx, { leaseSeconds: 40 })
    expect(await row(silent)).toMatchObject({ gateway_id: null })
    expect(await row(beating)).toMatchObject({ gateway_id: gatewayId })
    expect(await recordHeartbeats(world.ctx, { gatewayId, beats: [beat(silent, 0)] })).toEqual([true])
    expect(await row(silent)).toMatchObject({ gateway_id: gatewayId })
  })
})
