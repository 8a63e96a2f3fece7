import type { LaunchFailureReason } from '@towline/contract/run-spec'
import type { StateName } from '@towline/contract/states'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getRun } from '../run-views/get-run.ts'
import { enforceCancels } from './enforce-cancels.ts'
import { enforceDeadlines } from './enforce-deadlines.ts'
import { createFailureWorld, type FailureWorld } from './failure-world.ts'
import { markLate } from './mark-late.ts'
import { exited } from './test-world.ts'

/** What happens to a run in each state, and what is left of it: the table that README.md shows to people. */
let world: FailureWorld
beforeAll(async () => {
  world = await createFailureWorld()
})
afterAll(() => world.close())
beforeEach(() => world.reset())

const cancel = (id: string) => world.cancel(id)
const silence = () => world.silence()
const overdue = (attempt: number, seconds: number) => async (id: string) => {
  await world.beatFor(id, attempt, seconds)
  await enforceDeadlines(world.ctx)
}
const ends =
  (attempt: number, exitCode: number | null, cause: 'self' | 'cancel' | 'timeout' = 'self', signal: string | null = null) =>
  (id: string) =>
    world.report(id, attempt, { kind: 'exited', exit: { exitCode, signal, outOfMemory: false }, cause })
const launchFails = (reason: LaunchFailureReason, message: string) => (id: string) =>
  world.report(id, 1, world.failedToLaunch(reason, message))
const both = (first: (id: string) => Promise<unknown>, then: (id: string) => Promise<unknown>) => async (id: string) => {
  await first(id)
  await then(id)
}
const unconfirmed = async (id: string) => {
  await world.beatFor(id, 1, 20 + 61)
  await enforceCancels(world.ctx)
}
const isReleased = (id: string) => world.report(id, 1, { kind: 'released', note: 'The agent is draining' })

type From = keyof FailureWorld['ways']
type Row = [from: From, what: string, act: (id: string) => Promise<unknown>, state: StateName, message: string, reason?: string]

const retried = (n: number): string => ` Retried as attempt ${n} in 10 s (0 of 1 retry left).`
const restarted = (n: number, seconds = 10): string => ` Restarted as attempt ${n} in ${seconds} s (0 of 1 restart left).`
const noRetry = ' Not retried: its 1 retry is used up.'
const noRestart = ' Not restarted: its 1 restart is used up.'
const free = ' Back in its queue, at no cost.'
const byAnn = (rest: string): string => `Cancelled by ann${rest}`
const timedOut = 'Ran longer than its timeout'
const unended = `${timedOut} of 1 m, and the agent a1 did not end it. It is told to kill it.`

const ENDS: Row[] = [
  // the user's failures
  ['running', 'exit code 3', ends(1, 3), 'AwaitingRetry', `Exited with code 3.${retried(2)}`, 'failed'],
  ['retrying, all retries used', 'exit code 3', ends(2, 3), 'Failed', `Exited with code 3.${noRetry}`, 'failed'],
  [
    'running, no retries allowed',
    'exit code 3',
    ends(1, 3),
    'Failed',
    'Exited with code 3. Not retried: the deployment allows no retries.',
    'failed',
  ],
  [
    'running',
    'its SDK says that it failed',
    (id) => world.items(id, [{ kind: 'run.failed', seq: 2, at: 0, message: 'Error: boom\n  in x', timedOut: false }]),
    'AwaitingRetry',
    `Error: boom\n  in x.\nRetried as attempt 2 in 10 s (0 of 1 retry left).`,
    'failed',
  ],
  // timeouts
  [
    'running',
    'its timeout, ended by its agent',
    ends(1, 143, 'timeout'),
    'AwaitingRetry',
    `${timedOut} and was ended by its agent.${retried(2)}`,
    'timed-out',
  ],
  [
    'retrying, all retries used',
    'its timeout, SIGTERM ignored',
    ends(2, null, 'timeout', 'SIGKILL'),
    'TimedOut',
    `${timedOut}, did not end within its grace time and was killed (SIGKILL).${noRetry}`,
    'timed-out',
  ],
  [
    'running',
    'its timeout, and the agent does nothing',
    overdue(1, 60 + 20 + 61),
    'AwaitingRetry',
    `${unended} Retried as attempt 2 in 30 s (0 of 1 retry left).`,
    'timed-out',
  ],
  [
    'retrying, all retries used',
    'its timeout, and the agent does nothing',
    overdue(2, 60 + 20 + 61),
    'TimedOut',
    `${unended}${noRetry}`,
    'timed-out',
  ],
  // launches
  [
    'pulling',
    'the image cannot be pulled',
    launchFails('ImagePull', 'There is no image x.'),
    'AwaitingRetry',
    `ImagePull: There is no image x.${restarted(2)}`,
    'launch',
  ],
  [
    'pulling',
    'its agent gives the launch up',
    launchFails('StartTimeout', 'It did not start within 300 s.'),
    'AwaitingRetry',
    `StartTimeout: It did not start within 300 s.${restarted(2)}`,
    'launch',
  ],
  [
    'pulling',
    'the command does not exist',
    launchFails('CommandNotFound', 'There is no program x.'),
    'Crashed',
    'CommandNotFound: There is no program x. Not restarted: another attempt would end the same way.',
    'launch',
  ],
  [
    'pulling',
    'no start in its time, and the agent says nothing',
    overdue(1, 300 + 61),
    'AwaitingRetry',
    `StartTimeout: It did not start in its time, and the agent a1 did not say why.${restarted(2, 30)}`,
    'launch',
  ],
  [
    'claimed',
    'no confirmation in its time',
    overdue(1, 300 + 61),
    'AwaitingRetry',
    `StartTimeout: It did not start in its time, and the agent a1 did not say why.${restarted(2, 30)}`,
    'launch',
  ],
  // the death of a process or container
  [
    'running',
    'out of memory',
    (id) => world.report(id, 1, { kind: 'exited', exit: { exitCode: 137, signal: null, outOfMemory: true }, cause: 'self' }),
    'AwaitingRetry',
    `Ran out of memory.${restarted(2)}`,
    'out-of-memory',
  ],
  [
    'running',
    'a kill from outside (exit 137)',
    ends(1, null, 'self', 'SIGKILL'),
    'AwaitingRetry',
    `Killed by SIGKILL.${restarted(2)}`,
    'killed',
  ],
  [
    'restarted, all restarts used',
    'a kill from outside',
    ends(2, null, 'self', 'SIGKILL'),
    'Crashed',
    `Killed by SIGKILL.${noRestart}`,
    'killed',
  ],
  [
    'running',
    'removed by hand',
    (id) => world.report(id, 1, { kind: 'lost', note: 'It is gone without a trace' }),
    'AwaitingRetry',
    `It is gone without a trace.${restarted(2)}`,
    'vanished',
  ],
  [
    'running',
    'its agent is told to end at once',
    ends(1, 143, 'cancel'),
    'AwaitingRetry',
    `Its agent was told to end at once and stopped it. It ended on SIGTERM, with exit code 143.${restarted(2)}`,
    'stopped',
  ],
  // the loss of the agent
  ['claimed', 'the agent is gone', silence, 'Scheduled', `The agent a1 stopped answering, so its lease ended.${free}`],
  ['pulling', 'the agent is gone', silence, 'Scheduled', `The agent a1 stopped answering, so its lease ended.${free}`],
  [
    'running',
    'the agent is gone',
    silence,
    'AwaitingRetry',
    `The agent a1 stopped answering, so its lease ended.${restarted(2)}`,
    'agent-lost',
  ],
  [
    'restarted, all restarts used',
    'the agent is gone',
    silence,
    'Crashed',
    `The agent a1 stopped answering, so its lease ended.${noRestart}`,
    'agent-lost',
  ],
  ['claimed', 'the agent drains', isReleased, 'Scheduled', `The agent is draining.${free}`],
  // cancel
  ['scheduled', 'cancel', cancel, 'Cancelled', byAnn(' before it started.'), 'cancelled'],
  ['future', 'cancel', cancel, 'Cancelled', byAnn(' before it started.'), 'cancelled'],
  ['waiting for a slot', 'cancel', cancel, 'Cancelled', byAnn(' while it waited for a slot.'), 'cancelled'],
  ['claimed', 'cancel', cancel, 'Cancelled', byAnn(' before it started.'), 'cancelled'],
  ['waiting for its retry', 'cancel', cancel, 'Cancelled', byAnn(' while it waited for its next attempt.'), 'cancelled'],
  [
    'pulling',
    'cancel, and the agent gives the launch up',
    both(cancel, ends(1, null, 'cancel')),
    'Cancelled',
    byAnn('. Nothing of it was running.'),
    'cancelled',
  ],
  [
    'pulling',
    'cancel, and the launch fails by itself',
    both(cancel, launchFails('ImagePull', 'There is no image x.')),
    'Cancelled',
    byAnn('. It did not start: ImagePull: There is no image x.'),
    'cancelled',
  ],
  [
    'starting',
    'cancel, and nothing has begun',
    both(cancel, ends(1, null, 'cancel')),
    'Cancelled',
    byAnn('. Nothing of it was running.'),
    'cancelled',
  ],
  ['starting', 'the agent is gone', silence, 'Scheduled', `The agent a1 stopped answering, so its lease ended.${free}`],
  [
    'retrying, all retries used',
    'cancel',
    both(cancel, ends(2, null, 'cancel', 'SIGTERM')),
    'Cancelled',
    byAnn('. It ended on SIGTERM.'),
    'cancelled',
  ],
  ['cancelling', 'it ends on SIGTERM', ends(1, null, 'cancel', 'SIGTERM'), 'Cancelled', byAnn('. It ended on SIGTERM.'), 'cancelled'],
  [
    'cancelling',
    'it ignores SIGTERM',
    ends(1, null, 'cancel', 'SIGKILL'),
    'Cancelled',
    byAnn('. It did not end within its grace time and was killed (SIGKILL).'),
    'cancelled',
  ],
  [
    'cancelling',
    'it fails at this moment',
    ends(1, 3),
    'Cancelled',
    byAnn('. It ended before the signal reached it: Exited with code 3.'),
    'cancelled',
  ],
  ['cancelling', 'it completes at this moment', ends(1, 0), 'Completed', 'Completed before the cancel reached it'],
  ['cancelling', 'the agent is gone', silence, 'Cancelled', byAnn('. The agent a1 stopped answering, so its lease ended.'), 'cancelled'],
  ['cancelling', 'the agent drains', isReleased, 'Cancelled', byAnn('. It had not started.'), 'cancelled'],
  [
    'cancelling',
    'the agent never confirms',
    unconfirmed,
    'Cancelled',
    byAnn('. The agent a1 did not confirm in time that it has stopped; it is told to kill it when it is heard of next.'),
    'cancelled',
  ],
]

/** A run that runs has its own slot, one of a task, and the place in line of another task. */
const HOLDS: Partial<Record<From, { slots: number; places: number }>> = {
  scheduled: { slots: 0, places: 0 },
  future: { slots: 0, places: 0 },
  'waiting for a slot': { slots: 0, places: 1 },
  'waiting for its retry': { slots: 0, places: 0 },
  claimed: { slots: 1, places: 0 },
  pulling: { slots: 1, places: 0 },
  starting: { slots: 1, places: 0 },
}

describe('ends', () => {
  it.each(ENDS)('%s: %s', async (from, _what, act, state, message, reason) => {
    const id = await world.ways[from]()
    const holds = HOLDS[from] ?? { slots: 2, places: 1 }
    const [next = ''] = holds.slots > 0 ? await world.create({ tags: ['db'] }) : []
    if (next) {
      await world.claim()
      expect(await world.run(next)).toMatchObject({ state_name: 'AwaitingSlot', ready: false })
    }
    expect(await world.left(id)).toMatchObject(holds)
    await act(id)
    expect(await world.run(id)).toMatchObject({ state_name: state, state_message: message })
    expect(await world.left(id)).toEqual({ slots: 0, places: 0, tasks: 0, agent_id: null, lease_expires_at: null, deadline_at: null })
    // The same transaction called whoever stood in line for what it held: nobody had to come by.
    if (next) expect(await world.run(next)).toMatchObject({ state_name: 'AwaitingSlot', ready: true })
    const last = (await world.events(id)).at(-1)
    expect(last).toMatchObject({ kind: 'state', state_name: state, message })
    const { problem } = await getRun(world.ctx, { workspaceId: world.workspaceId, ref: id })
    expect(problem?.reason).toBe(reason)
    if (problem) expect([problem.what, problem.done].filter(Boolean).join(message.includes('\n') ? '\n' : ' ')).toBe(message)
  })
})

describe('what changes nothing', () => {
  it('a second cancel, and one of a run that was cancelled', async () => {
    const id = await world.ways.cancelling()
    expect(await cancel(id)).toEqual({ kind: 'accepted', state: 'Cancelling' })
    await silence()
    const ended = await world.run(id)
    expect(await cancel(id)).toEqual({ kind: 'accepted', state: 'Cancelled' })
    expect(await world.run(id)).toEqual(ended)
  })

  it('a cancel of a run that has ended is refused, and says why', async () => {
    const id = await world.ways.running()
    await world.report(id, 1, exited(0))
    await expect(cancel(id)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('has ended already (Completed)') })
  })

  it('late is a name: the run stays in line and starts', async () => {
    const id = await world.ways.scheduled()
    world.clock.advance({ seconds: 16 })
    await markLate(world.ctx)
    expect(await world.run(id)).toMatchObject({
      state_name: 'Late',
      state_message: 'No agent took it within 15 s of its time.',
      ready: true,
    })
    expect(await world.claim()).toMatchObject([{ runId: id }])
  })
})
