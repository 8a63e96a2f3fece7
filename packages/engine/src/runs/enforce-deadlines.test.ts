import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { enforceCancels } from './enforce-cancels.ts'
import { enforceDeadlines } from './enforce-deadlines.ts'
import { createFailureWorld, type FailureWorld } from './failure-world.ts'
import { renewLeases } from './renew-leases.ts'
import { exited, LEASE, STARTED } from './test-world.ts'

let world: FailureWorld
beforeAll(async () => {
  world = await createFailureWorld()
})
afterAll(() => world.close())
beforeEach(() => world.reset())

it('a cancel is not called carried out while no gateway could have heard so: what may still run keeps its slots', async () => {
  const id = await world.ways.cancelling()
  await world.beatFor(id, 1, 500)
  expect(await enforceCancels(world.ctx, { fair: false })).toMatchObject({ forced: 0 })
  expect(await world.left(id)).toMatchObject({ slots: 2 })
  expect(await enforceCancels(world.ctx)).toMatchObject({ forced: 1 })
  expect(await world.left(id)).toMatchObject({ slots: 0 })
})

describe('deadlines', () => {
  it('in time, and within the grace and the minute that a report may take, nobody is ended', async () => {
    const id = await world.ways.running()
    await world.beatFor(id, 1, 60 + 20 + 59)
    expect(await enforceDeadlines(world.ctx)).toEqual({ ended: 0, more: false })
    expect(await world.run(id)).toMatchObject({ state_name: 'Running' })
  })

  it('nobody is overdue while no gateway could have heard the report', async () => {
    const id = await world.ways.running()
    await world.beatFor(id, 1, 500)
    expect(await enforceDeadlines(world.ctx, { fair: false })).toEqual({ ended: 0, more: false })
    expect(await enforceDeadlines(world.ctx)).toEqual({ ended: 1, more: false })
  })

  it('a run without a timeout has none once it has started', async () => {
    const [id = ''] = await world.create()
    await world.claim()
    await world.confirm(id, 1)
    expect(await world.left(id)).toMatchObject({ deadline_at: expect.any(Date) })
    await world.report(id, 1, STARTED)
    expect(await world.left(id)).toMatchObject({ deadline_at: null })
  })

  it('the fenced attempt is killed at its next beat and not heard any more, and the next one waits for that', async () => {
    const id = await world.ways.running()
    await world.beatFor(id, 1, 141)
    await enforceDeadlines(world.ctx)
    const ref = { runId: id, attempt: 1 }
    expect(await renewLeases(world.ctx, { agentId: world.agentId, refs: [ref], leaseSeconds: LEASE })).toEqual({ stale: [ref] })
    expect(await world.report(id, 1, exited(0))).toBe('stale')
    expect(await world.run(id)).toMatchObject({ state_name: 'AwaitingRetry', ready: false })
  })

  it('each overdue run is ended by one of several schedulers', async () => {
    await world.create(...Array.from({ length: 20 }, () => ({ deployment: 'bounded' })))
    const claimed = await world.claim()
    for (const { runId } of claimed) {
      await world.confirm(runId, 1)
      await world.report(runId, 1, STARTED)
    }
    world.clock.advance({ seconds: 200 })
    const rounds = await Promise.all([world.ctx, world.another(), world.another()].map((ctx) => enforceDeadlines(ctx)))
    expect(rounds.reduce((sum, { ended }) => sum + ended, 0)).toBe(20)
  })
})
