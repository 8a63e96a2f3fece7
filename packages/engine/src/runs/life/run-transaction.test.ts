import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelRun } from '../cancel-run.ts'
import { claimRuns } from '../claim-runs.ts'
import { confirmRuns } from '../confirm-runs.ts'
import { expireLeases } from '../expire-leases.ts'
import { promoteDueRuns } from '../promote-due-runs.ts'
import { renewLeases } from '../renew-leases.ts'
import { reportItems } from '../report-items.ts'
import { reportStatuses } from '../report-statuses.ts'
import { createWorld, exited, LEASE, STARTED, type World } from '../test-world.ts'
import { runTransaction } from './run-transaction.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe('runTransaction', () => {
  it('a connection that dies before the commit leaves no trace, and the same report succeeds afterwards', async () => {
    const id = await world.running()
    const before = await world.run(id)
    world.published.length = 0
    const attempt = runTransaction(world.ctx, async (work) => {
      const book = await work.lock([id])
      book.propose(id, { cause: { kind: 'completed' }, attempt: 1, transitionId: '1:x' })
      const [row] = (await work.tx.query<{ pid: number }>('select pg_backend_pid() as pid')).rows
      await world.admin(`select pg_terminate_backend(${row?.pid})`)
    })
    await expect(attempt).rejects.toThrow()
    expect(await world.run(id)).toEqual(before)
    expect(await world.events(id)).toHaveLength(before.event_seq)
    expect(world.published).toEqual([])
    expect(await world.report(id, 1, exited(0), { reportId: 'x' })).toBe('accepted')
    expect((await world.run(id)).state_name).toBe('Completed')
  })

  it('an error in between rolls back, wakes nobody, and leaves the connection fit for use', async () => {
    const id = await world.running()
    const before = await world.run(id)
    world.published.length = 0
    const attempt = runTransaction(world.ctx, async (work) => {
      const book = await work.lock([id])
      book.propose(id, { cause: { kind: 'completed' }, attempt: 1, transitionId: null })
      throw new Error('stop here')
    })
    await expect(attempt).rejects.toThrow('stop here')
    expect([await world.run(id), world.published]).toEqual([before, []])
    await world.report(id, 1, exited(0))
  })

  it('reads the facts after it has waited for the lock, never before', async () => {
    const id = await world.running()
    let release: () => void = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let locked: () => void = () => {}
    const isLocked = new Promise<void>((resolve) => {
      locked = resolve
    })
    const first = runTransaction(world.ctx, async (work) => {
      const book = await work.lock([id])
      book.propose(id, { cause: { kind: 'cancel', actor: 'ann' }, attempt: null, transitionId: null })
      locked()
      await held
    })
    await isLocked
    const second = world.report(id, 1, exited(1))
    release()
    await first
    expect(await second).toBe('accepted')
    expect(await world.run(id)).toMatchObject({ state_name: 'Cancelled', failures: 0 })
  })
})

it('many processes that do everything at once: no deadlock, no gap in any history, and every run ends in a final state', {
  timeout: 60_000,
}, async () => {
  await world.query('delete from run')
  const made = await world.create(...Array.from({ length: 60 }, () => ({})))
  const contexts = [world.ctx, world.another(), world.another()]
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)]
  const held: { runId: string; attempt: number }[] = []
  const { agentId, workspaceId, poolId } = world
  let reports = 0
  const some = (): { runId: string; attempt: number }[] => held.filter(() => Math.random() < 0.4).sort(() => Math.random() - 0.5)
  const item = (ref: { runId: string; attempt: number }) => ({
    agentId,
    workspaceId,
    report: { reportId: `m${++reports}`, ...ref, at: 0, status: pick([STARTED, STARTED, exited(0), exited(1)]) ?? STARTED },
  })
  const step = async (ctx: typeof world.ctx): Promise<void> => {
    const claimed = await claimRuns(ctx, { poolId, agentId, agentName: 'a1', credits: 5, leaseSeconds: LEASE })
    held.push(...claimed.map(({ spec }) => ({ runId: spec.runId, attempt: spec.attempt })))
    await confirmRuns(
      ctx,
      some().map((ref) => ({ agentId, ...ref })),
    )
    await renewLeases(ctx, { agentId, refs: some(), leaseSeconds: LEASE })
    const refs = some()
    await reportStatuses(ctx, refs.concat(refs.slice(0, 2)).map(item))
    const one = pick(held)
    if (one)
      await reportItems(ctx, {
        workspaceId,
        ...one,
        request: { items: [{ kind: 'run.running', seq: 1, at: 0 }], logs: [{ seq: 1, at: 0, text: 'x' }] },
      })
    const victim = pick(made)
    if (victim && Math.random() < 0.2) await cancelRun(ctx, { workspaceId, runId: victim, actor: 'ann' }).catch(() => undefined)
    if (Math.random() < 0.1) world.clock.advance({ seconds: 15 })
    await expireLeases(ctx)
    await promoteDueRuns(ctx)
  }
  const work = async (ctx: typeof world.ctx): Promise<void> => {
    for (let i = 0; i < 25; i += 1) await step(ctx)
  }
  await Promise.all([...contexts, ...contexts].map(work))
  for (let round = 0; round < 12; round += 1) {
    world.clock.advance({ seconds: LEASE + 60 })
    await expireLeases(world.ctx)
    await promoteDueRuns(world.ctx)
    await world.claim()
  }
  const open = await world.query('select id, state_name from run where ended_at is null')
  expect(open).toEqual([])
  const wrong = await world.query(
    `select r.id from run r where r.event_seq <> (select count(*) from run_event e where e.run_id = r.id)
        or r.event_seq <> (select max(seq) from run_event e where e.run_id = r.id)
        or exists (select 1 from attempt a where a.run_id = r.id and a.outcome is null)
        or (select count(*) from attempt a where a.run_id = r.id) <> r.attempt`,
  )
  expect(wrong).toEqual([])
})
