import type { LaunchFailureReason } from '@towline/contract/run-spec'
import { requestTaskSlots } from '../limits/request-task-slots.ts'
import { setLimit } from '../limits/set-limit.ts'
import { cancelRun } from './cancel-run.ts'
import { expireLeases } from './expire-leases.ts'
import { promoteDueRuns } from './promote-due-runs.ts'
import { renewLeases } from './renew-leases.ts'
import { reportItems } from './report-items.ts'
import { createWorld, exited, killed, LEASE, STARTED } from './test-world.ts'

export type FailureWorld = Awaited<ReturnType<typeof createFailureWorld>>

/** For tests: runs in every state, each with all that it can hold, and short words for what may then happen to them. */
export const createFailureWorld = async () => {
  const world = await createWorld()
  const retries = { failures: 1, crashes: 1, delaySeconds: 10, factor: 2, jitter: 0 }
  await world.deploy({ name: 'bounded', timeoutSeconds: 60, retries, variables: { graceSeconds: 20, startTimeoutSeconds: 300 } })
  await world.deploy({ name: 'strict', retries: { ...retries, failures: 0, crashes: 0 } })

  const cancel = (id: string) => cancelRun(world.ctx, { workspaceId: world.workspaceId, runId: id, actor: 'ann' })
  const report = (id: string, items: Parameters<typeof reportItems>[1]['request']['items'], attempt = 1) =>
    reportItems(world.ctx, { workspaceId: world.workspaceId, runId: id, attempt, request: { items, logs: [] } })
  const beatFor = async (id: string, attempt: number, seconds: number): Promise<void> => {
    for (let left = seconds; left > 0; left -= 10) {
      world.clock.advance({ seconds: Math.min(left, 10) })
      await renewLeases(world.ctx, { agentId: world.agentId, refs: [{ runId: id, attempt }], leaseSeconds: LEASE })
    }
  }
  const silence = async (): Promise<void> => {
    world.clock.advance({ seconds: LEASE + 1 })
    await expireLeases(world.ctx)
  }
  const failedToLaunch = (reason: LaunchFailureReason, message: string) =>
    ({ kind: 'failed-to-launch', failure: { reason, message, evidence: 'its own words' } }) as const

  /** A task that has a slot, and one that stands in line for it. */
  const tasks = async (id: string, attempt: number): Promise<void> => {
    const ask = (key: string) =>
      requestTaskSlots(world.ctx, { workspaceId: world.workspaceId, runId: id, attempt, request: { key, slots: { api: 1 }, priority: 0 } })
    await report(id, [{ kind: 'task', seq: 1, at: 0, key: 'a', name: 'a', state: 'RUNNING', try: 1 }], attempt)
    await ask('a')
    await ask('b')
  }
  const create = async (more: Parameters<typeof world.create>[0] = {}): Promise<string> =>
    (await world.create({ deployment: 'bounded', tags: ['db'], ...more }))[0] ?? ''
  const claimed = async (more: Parameters<typeof world.create>[0] = {}): Promise<string> => {
    const id = await create(more)
    await world.claim()
    return id
  }
  const confirmed = async (more: Parameters<typeof world.create>[0] = {}): Promise<string> => {
    const id = await claimed(more)
    await world.confirm(id, 1)
    return id
  }
  const started = async (id: string, attempt: number): Promise<string> => {
    await world.confirm(id, attempt)
    await world.report(id, attempt, STARTED)
    await tasks(id, attempt)
    return id
  }
  const running = async (more: Parameters<typeof world.create>[0] = {}): Promise<string> => await started(await claimed(more), 1)
  const after = async (status: Parameters<typeof world.report>[2]): Promise<string> => {
    const id = await running()
    await world.report(id, 1, status)
    return id
  }
  const again = async (id: string): Promise<string> => {
    world.clock.advance({ seconds: 10 })
    await promoteDueRuns(world.ctx)
    await world.claim()
    return await started(id, 2)
  }

  /** Each way brings a new run into its state. One that runs holds its lease, a slot, a slot of a task, and the place in line of another. */
  const ways = {
    scheduled: () => create(),
    future: () => create({ at: new Date(world.clock.now().getTime() + 3_600_000) }),
    'waiting for a slot': async () => {
      await create()
      return await claimed()
    },
    claimed: () => claimed(),
    pulling: async () => {
      const id = await confirmed()
      await world.report(id, 1, { kind: 'launching', note: 'Pulling node:22' })
      return id
    },
    starting: () => confirmed(),
    running: () => running(),
    'running, no retries allowed': () => running({ deployment: 'strict' }),
    'waiting for its retry': () => after(exited(1)),
    'retrying, all retries used': async () => again(await after(exited(1))),
    'restarted, all restarts used': async () => again(await after(killed('SIGKILL'))),
    cancelling: async () => {
      const id = await running()
      await cancel(id)
      return id
    },
  }

  /** What it and its attempt still have. */
  const left = async (id: string): Promise<object> => {
    const [row] = await world.query<object>(
      `select (select count(*)::int from slot where run_id = $1) as slots, (select count(*)::int from waiter where run_id = $1) as places,
              (select count(*)::int from task_run where run_id = $1 and state in ('PENDING', 'RUNNING', 'RETRYING')) as tasks,
              agent_id, lease_expires_at, deadline_at from run where id = $1`,
      [id],
    )
    return row ?? {}
  }
  const reset = async (): Promise<void> => {
    await world.query('delete from run')
    await world.query('delete from concurrency_limit')
    for (const tag of ['db', 'api'])
      await setLimit(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', limit: { kind: 'tag', tag }, slots: 1 })
  }
  return { ...world, reset, cancel, items: report, beatFor, silence, failedToLaunch, left, ways }
}
