import { newId } from '@towline/service/new-id'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cancelRun } from './cancel-run.ts'
import { enforceCancels } from './enforce-cancels.ts'
import { expireLeases } from './expire-leases.ts'
import { markLate } from './mark-late.ts'
import { promoteDueRuns } from './promote-due-runs.ts'
import { reconcileInventory } from './reconcile-inventory.ts'
import { renewLeases } from './renew-leases.ts'
import { createWorld, exited, LEASE, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(() => world.query('delete from run'))

const cancel = (runId: string, workspaceId = world.workspaceId) => cancelRun(world.ctx, { workspaceId, runId, actor: 'ann' })
const state = async (id: string): Promise<string> => (await world.run(id)).state_name
const afterLease = (): Date => world.clock.advance({ seconds: LEASE + 1 })

describe('a lease that ends', () => {
  it('before the confirmation gives the run back at no cost', async () => {
    const [id = ''] = await world.create()
    await world.claim()
    expect(await expireLeases(world.ctx)).toEqual({ expired: 0, more: false })
    afterLease()
    expect(await expireLeases(world.ctx)).toEqual({ expired: 1, more: false })
    expect(await world.run(id)).toMatchObject({ state_name: 'Scheduled', ready: true, failures: 0, crashes: 0, agent_id: null })
    expect(await world.attempts(id)).toMatchObject([{ outcome: 'lease-expired' }])
  })

  it('six times in a row without a start is a crash of the infrastructure', async () => {
    const [id = ''] = await world.create()
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      expect(await world.claim()).toMatchObject([{ attempt }])
      afterLease()
      await expireLeases(world.ctx)
      world.clock.advance({ seconds: 30 })
      await promoteDueRuns(world.ctx)
    }
    expect(await world.run(id)).toMatchObject({ state_name: 'Crashed', attempt: 6, ready: false })
  })

  it('while running restarts the run within the budget of crashes, then it has crashed', async () => {
    const id = await world.running()
    afterLease()
    await expireLeases(world.ctx)
    expect(await world.run(id)).toMatchObject({ state_name: 'AwaitingRetry', crashes: 1, failures: 0 })
    world.clock.advance({ seconds: 10 })
    await promoteDueRuns(world.ctx)
    await world.claim()
    await world.confirm(id, 2)
    await world.report(id, 2, { kind: 'started', infrastructure: {} })
    afterLease()
    await expireLeases(world.ctx)
    expect(await world.run(id)).toMatchObject({ state_name: 'Crashed', crashes: 1, lease_expires_at: null })
  })

  it('is put off by heartbeats of its own agent and of this very attempt only', async () => {
    const id = await world.running()
    const ref = { runId: id, attempt: 1 }
    world.clock.advance({ seconds: 30 })
    expect(await renewLeases(world.ctx, { agentId: world.agentId, refs: [ref], leaseSeconds: LEASE })).toEqual({ stale: [] })
    world.clock.advance({ seconds: 30 })
    expect(await expireLeases(world.ctx)).toMatchObject({ expired: 0 })
    expect(await renewLeases(world.ctx, { agentId: newId(), refs: [ref], leaseSeconds: LEASE })).toEqual({ stale: [ref] })
    const next = { runId: id, attempt: 2 }
    expect(await renewLeases(world.ctx, { agentId: world.agentId, refs: [next], leaseSeconds: LEASE })).toEqual({ stale: [next] })
    world.clock.advance({ seconds: 11 })
    expect(await expireLeases(world.ctx)).toMatchObject({ expired: 1 })
    expect(await renewLeases(world.ctx, { agentId: world.agentId, refs: [ref], leaseSeconds: LEASE })).toEqual({ stale: [ref] })
  })

  it('by its own report leaves the process a minute to say goodbye', async () => {
    const id = await world.running()
    await world.report(id, 1, exited(0))
    const beat = () => renewLeases(world.ctx, { agentId: world.agentId, refs: [{ runId: id, attempt: 1 }], leaseSeconds: LEASE })
    expect(await beat()).toEqual({ stale: [] })
    const inventory = [{ runId: id, attempt: 1, phase: 'running' as const }]
    expect(await reconcileInventory(world.ctx, { agentId: world.agentId, inventory })).toMatchObject({ stale: [] })
    world.clock.advance({ seconds: 61 })
    expect(await beat()).toEqual({ stale: [{ runId: id, attempt: 1 }] })
  })

  it('is ended by one of several schedulers', async () => {
    await world.create(...Array.from({ length: 30 }, () => ({})))
    await world.claim()
    afterLease()
    const rounds = await Promise.all([world.ctx, world.another(), world.another()].map((ctx) => expireLeases(ctx)))
    expect(rounds.reduce((sum, round) => sum + round.expired, 0)).toBe(30)
  })
})

describe('cancel', () => {
  it('ends what no agent may launch yet at once', async () => {
    const [scheduled = ''] = await world.create()
    expect(await cancel(scheduled)).toEqual({ kind: 'accepted', state: 'Cancelled' })
    const [claimed = ''] = await world.create()
    await world.claim()
    expect(await cancel(claimed)).toEqual({ kind: 'accepted', state: 'Cancelled' })
    expect(await world.confirm(claimed, 1)).toEqual({ ok: [], stale: [{ runId: claimed, attempt: 1 }] })
    expect(await world.run(claimed)).toMatchObject({ state_message: 'Cancelled by ann before it started.', lease_expires_at: null })
  })

  it('waits for the agent where one holds the run, and for its word', async () => {
    const id = await world.running()
    world.published.length = 0
    expect(await cancel(id)).toEqual({ kind: 'accepted', state: 'Cancelling' })
    expect(world.published).toContainEqual({ topic: 'cancel', ids: [id] })
    expect(await cancel(id)).toEqual({ kind: 'accepted', state: 'Cancelling' })
    await world.report(id, 1, exited(143, 'cancel'))
    expect(await world.run(id)).toMatchObject({
      state_name: 'Cancelled',
      state_message: 'Cancelled by ann. It ended on SIGTERM, with exit code 143.',
      lease_expires_at: null,
    })
    expect(await world.attempts(id)).toMatchObject([{ outcome: 'cancelled', exit_code: 143 }])
    expect(await cancel(id)).toEqual({ kind: 'accepted', state: 'Cancelled' })
  })

  it('does not undo a completion that was faster', async () => {
    const id = await world.running()
    await cancel(id)
    await world.report(id, 1, exited(0))
    expect(await state(id)).toBe('Completed')
    await expect(cancel(id)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is carried out by the end of the lease when the agent is dead, and spends no retry', async () => {
    const id = await world.running()
    await cancel(id)
    afterLease()
    await expireLeases(world.ctx)
    expect(await world.run(id)).toMatchObject({ state_name: 'Cancelled', crashes: 0, ready: false })
  })

  it('is repeated to a slow agent, and forced in the end', async () => {
    const id = await world.running({ variables: { graceSeconds: 5 } })
    await cancel(id)
    expect(await enforceCancels(world.ctx)).toEqual({ reminded: 0, forced: 0 })
    world.clock.advance({ seconds: 11 })
    expect(await enforceCancels(world.ctx)).toEqual({ reminded: 1, forced: 0 })
    world.clock.advance({ seconds: 60 })
    expect(await enforceCancels(world.ctx)).toEqual({ reminded: 0, forced: 1 })
    expect(await state(id)).toBe('Cancelled')
    expect(await world.report(id, 1, exited(0))).toBe('accepted')
    expect(await state(id)).toBe('Cancelled')
  })

  it("another tenant's run is not found", async () => {
    const [id = ''] = await world.create()
    await expect(cancel(id, newId())).rejects.toMatchObject({ code: 'not_found' })
    expect(await state(id)).toBe('Scheduled')
  })
})

describe('reconcileInventory', () => {
  it('fences what is not its own, asks after what it forgot, takes back what never arrived, repeats cancels', async () => {
    const [kept, forgotten, unconfirmed, cancelled] = await world.create({}, {}, {}, {})
    await world.claim()
    const ref = (runId = '') => ({ runId, attempt: 1 })
    for (const id of [kept, forgotten, cancelled]) await world.confirm(id ?? '', 1)
    await cancel(cancelled ?? '')
    const foreign = { runId: newId(), attempt: 3 }
    const reported = { runId: newId(), attempt: 1 }
    const answer = await reconcileInventory(world.ctx, {
      agentId: world.agentId,
      inventory: [
        { ...ref(kept), phase: 'running' },
        { ...ref(cancelled), phase: 'running' },
        { ...foreign, phase: 'running' },
        { ...reported, phase: 'ended' },
      ],
    })
    expect(answer).toEqual({ stale: [foreign], expected: [ref(forgotten)], cancelling: [{ ...ref(cancelled), graceSeconds: 30 }] })
    expect(await world.run(unconfirmed ?? '')).toMatchObject({ state_name: 'Scheduled', ready: true })
  })
})

it('calls ready runs that nobody took within 15 seconds Late', async () => {
  const [id = ''] = await world.create()
  expect(await markLate(world.ctx)).toEqual({ marked: 0 })
  world.clock.advance({ seconds: 16 })
  expect(await markLate(world.ctx)).toEqual({ marked: 1 })
  expect(await markLate(world.ctx)).toEqual({ marked: 0 })
  expect(await world.run(id)).toMatchObject({ state_name: 'Late', ready: true })
  expect(await world.claim()).toMatchObject([{ runId: id }])
})
