import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLauncher } from '@towline/launchers/create-launcher'
import { LaunchError } from '@towline/launchers/launcher'
import { createLogger } from '@towline/service/logger'
import { until } from '@towline/service/until'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { specOf } from './testing/fake-gateway.ts'
import { type Bench, openBench } from './testing/test-bench.ts'

let bench: Bench
beforeEach(async () => {
  bench = await openBench()
})
afterEach(() => bench.close())

const refOf = ({ runId, attempt }: { runId: string; attempt: number }) => ({ runId, attempt })

describe('taking runs', () => {
  it('nothing starts before it is confirmed; then it runs, its lines arrive before its end, and nothing of it is left', async () => {
    const { gateway } = bench
    gateway.acknowledge.confirms = false
    await bench.start()
    const marker = join(bench.folder, 'started')
    const spec = specOf(`touch ${marker}; echo one; echo two; echo oops >&2; exit 3`)
    expect((await gateway.next('run.pull.v1')).credits).toBe(4)
    gateway.assign(spec)
    expect((await gateway.next('run.confirm.v1')).runs).toEqual([refOf(spec)])
    for (const _ of [1, 2, 3]) await gateway.next('agent.heartbeat.v1', (beat) => beat.runs.length === 1)
    expect(existsSync(marker)).toBe(false)
    gateway.send({ type: 'run.confirmed.v1', ok: [refOf(spec)], stale: [] })
    expect(await gateway.status('started')).toMatchObject({ ...refOf(spec), status: { infrastructure: { type: 'process' } } })
    await until(() => gateway.frames.some((frame) => frame.type === 'run.status.v1' && frame.status.kind === 'exited'))
    const kinds = gateway.frames
      .filter((frame) => frame.type === 'run.logs.v1' || frame.type === 'run.status.v1')
      .map((frame) => frame.type)
    expect(kinds.at(-1)).toBe('run.status.v1')
    const lines = gateway.frames.flatMap((frame) => (frame.type === 'run.logs.v1' && frame.stream === 'stdout' ? frame.lines : []))
    expect(lines.map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ])
    expect((await gateway.status('exited')).status).toMatchObject({ exit: { exitCode: 3, signal: null }, cause: 'self' })
    await bench.empty()
  })

  it('credit is what is free: no more while full, one more for each that ends', async () => {
    const { gateway } = bench
    const { agent } = await bench.start({ capacity: 2 })
    expect((await gateway.next('run.pull.v1')).credits).toBe(2)
    const gate = join(bench.folder, 'gate')
    gateway.assign(...[1, 2].map(() => specOf(`while [ ! -e ${gate} ]; do sleep 0.02; done`)))
    await until(() => agent.counts().running === 2)
    expect(gateway.frames.some((frame) => frame.type === 'run.pull.v1')).toBe(false)
    gateway.assign(specOf('true'))
    expect((await gateway.status('released')).status).toMatchObject({ note: 'The agent is full' })
    await bench.gateway.next('agent.heartbeat.v1', (beat) => beat.load.running === 2)
    writeFileSync(gate, '')
    await gateway.next('run.pull.v1', (frame) => frame.credits === 2)
  })

  it('the same assignment twice is one process', async () => {
    const { gateway } = bench
    await bench.start()
    const file = join(bench.folder, 'count')
    const spec = specOf(`echo x >> ${file}; sleep 0.2`)
    await gateway.next('run.pull.v1')
    gateway.assign(spec, spec)
    gateway.assign(spec)
    await gateway.status('exited')
    expect(readFileSync(file, 'utf8')).toBe('x\n')
  })

  it('what cannot be launched is reported with its reason, and frees its place', async () => {
    const { gateway } = bench
    await bench.start()
    const command = specOf('', { code: { kind: 'command', command: ['no-such-program-anywhere'] } })
    const bundle = specOf('', { code: { kind: 'bundle', sha256: 'a'.repeat(64), sizeBytes: 10, flow: 'x' } })
    await gateway.next('run.pull.v1')
    gateway.assign(command, bundle)
    expect((await gateway.status('failed-to-launch', command.runId)).status).toMatchObject({ failure: { reason: 'CommandNotFound' } })
    expect((await gateway.status('failed-to-launch', bundle.runId)).status).toMatchObject({
      failure: { reason: 'CodeUnavailable', evidence: expect.stringContaining('404') },
    })
    await gateway.next('run.pull.v1', (frame) => frame.credits === 4)
    await bench.empty()
  })
})

describe('an engine that is away', () => {
  it('fails the run that found it, and no other: nothing is pulled until it is back', async () => {
    const { gateway } = bench
    let away = true
    const reason = 'Docker does not answer.'
    const { agent } = await bench.start({
      engineCheckMs: 20,
      createLauncher: async (_, agentId) => {
        const real = createLauncher('process', { agentId, dataDir: bench.folder, log: createLogger('agent', { level: 'silent' }) })
        return {
          poolType: 'process',
          list: () => real.list(),
          check: async () => (away && agent.counts().ended > 0 ? { ok: false, reason } : real.check()),
          launch: async (...args) => {
            if (away) throw new LaunchError({ reason: 'EngineAway', message: reason, evidence: 'connect ENOENT' })
            return real.launch(...args)
          },
        }
      },
    })
    await gateway.next('run.pull.v1')
    gateway.acknowledge.reports = false
    gateway.assign(specOf('true'))
    const failed = await gateway.status('failed-to-launch')
    expect(failed.status).toMatchObject({ failure: { reason: 'EngineAway' } })
    expect((await gateway.next('run.pull.v1')).credits).toBe(0)
    expect(agent.unhealthy()).toBe(reason)
    away = false
    expect((await gateway.next('run.pull.v1')).credits).toBe(4)
    expect(agent.unhealthy()).toBeNull()
    gateway.send({ type: 'run.status-ack.v1', reportIds: [failed.reportId] })
  })
})

describe('ending runs', () => {
  it('a drain that the gateway asks for ends the agent like a signal', async () => {
    const { gateway } = bench
    const { ended } = await bench.start()
    await gateway.next('run.pull.v1')
    gateway.send({ type: 'agent.drain.v1', reason: 'maintenance' })
    expect(await ended).toBeNull()
  })

  it('a cancel kills the process, and is confirmed as such; of an unknown run it is confirmed too', async () => {
    const { gateway } = bench
    await bench.start()
    const spec = specOf('trap "" TERM; echo ready; while :; do sleep 0.05; done')
    const other = specOf('true')
    await gateway.next('run.pull.v1')
    gateway.assign(spec)
    await gateway.next('run.logs.v1')
    gateway.send(
      { type: 'run.cancel.v1', ...refOf(spec), graceSeconds: 0.2, reason: 'test' },
      { type: 'run.cancel.v1', ...refOf(other), graceSeconds: 1, reason: 'test' },
    )
    expect((await gateway.status('exited', other.runId)).status).toMatchObject({ cause: 'cancel' })
    expect((await gateway.status('exited', spec.runId)).status).toMatchObject({ cause: 'cancel' })
    await bench.empty()
  })

  it('a run that exceeds its time is ended with that cause', async () => {
    const { gateway } = bench
    await bench.start()
    await gateway.next('run.pull.v1')
    gateway.assign(specOf('sleep 60', { timeoutSeconds: 0.2 }))
    expect((await gateway.status('exited')).status).toMatchObject({ cause: 'timeout' })
  })

  it.each([
    ['ends what is over', 'echo here; sleep 60', 'SIGTERM'],
    ['kills what ignores that', 'trap "" TERM; echo here; while :; do sleep 0.05; done', 'SIGKILL'],
  ])('the time of a run goes on while its agent is gone: the next process on the folder %s', async (_, command, signal) => {
    const { gateway } = bench
    let now = 1_000_000_000_000
    const { agent } = await bench.start({ now: () => now })
    await gateway.next('run.pull.v1')
    const spec = specOf(command, { timeoutSeconds: 3600 })
    gateway.assign(spec)
    await gateway.next('run.logs.v1')
    await agent.stop()
    now += 3_600_001
    await bench.start({ now: () => now })
    expect((await gateway.status('exited', spec.runId)).status).toMatchObject({ cause: 'timeout', exit: { signal } })
    await bench.empty()
  })

  it('a cancel calls a launch off that is under way: nothing starts any more', async () => {
    const { gateway } = bench
    let begun: () => void = () => {}
    const launching = new Promise<void>((resolve) => {
      begun = resolve
    })
    await bench.start({
      createLauncher: async (_, agentId) => {
        const real = createLauncher('process', { agentId, dataDir: bench.folder, log: createLogger('agent', { level: 'silent' }) })
        return {
          poolType: 'process',
          list: () => real.list(),
          check: () => real.check(),
          // An image that is pulled for ever.
          launch: (_job, events, signal) =>
            new Promise((_, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason))
              events.onLaunching('Pulling node:22')
              begun()
            }),
        }
      },
    })
    await gateway.next('run.pull.v1')
    const spec = specOf('true')
    gateway.assign(spec)
    await launching
    gateway.send({ type: 'run.cancel.v1', ...refOf(spec), graceSeconds: 30, reason: 'test' })
    expect((await gateway.status('exited')).status).toEqual({
      kind: 'exited',
      cause: 'cancel',
      exit: { exitCode: null, signal: null, outOfMemory: false },
    })
    await bench.empty()
  })

  it('a cancel reaches a run of an agent that drains, and the drain ends with it', async () => {
    const { gateway } = bench
    const { agent, ended } = await bench.start()
    await gateway.next('run.pull.v1')
    const spec = specOf('echo here; sleep 60')
    gateway.assign(spec)
    await gateway.next('run.logs.v1')
    const drained = agent.drain('SIGTERM').then(() => agent.stop())
    await gateway.next('agent.heartbeat.v1', (beat) => beat.draining)
    gateway.send({ type: 'run.cancel.v1', ...refOf(spec), graceSeconds: 30, reason: 'test' })
    expect((await gateway.status('exited')).status).toMatchObject({ cause: 'cancel', exit: { signal: 'SIGTERM' } })
    await drained
    expect(await ended).toBeNull()
  })

  it('an agent that is told to end at once says that it ended its runs', async () => {
    const { gateway } = bench
    const { agent } = await bench.start()
    await gateway.next('run.pull.v1')
    const spec = specOf('echo here; sleep 60')
    gateway.assign(spec)
    await gateway.next('run.logs.v1')
    await agent.kill()
    expect((await gateway.status('exited')).status).toMatchObject({ cause: 'cancel' })
  })

  it('and ends what was just starting too', async () => {
    const { gateway } = bench
    let begun: () => void = () => {}
    let goOn: () => void = () => {}
    const launching = new Promise<void>((resolve) => {
      begun = resolve
    })
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const { agent } = await bench.start({
      createLauncher: async (_, agentId) => {
        const real = createLauncher('process', { agentId, dataDir: bench.folder, log: createLogger('agent', { level: 'silent' }) })
        return {
          poolType: 'process',
          list: () => real.list(),
          check: () => real.check(),
          // Beyond the point at which it can be called off.
          launch: async (job, events) => {
            begun()
            await held
            return await real.launch(job, events, new AbortController().signal)
          },
        }
      },
    })
    await gateway.next('run.pull.v1')
    const spec = specOf('sleep 60')
    gateway.assign(spec)
    await launching
    const killed = agent.kill()
    goOn()
    expect((await gateway.status('exited')).status).toMatchObject({ cause: 'cancel' })
    await killed
    await bench.empty()
  })

  it('a fenced attempt is killed, and forgotten when never started', async () => {
    const { gateway } = bench
    const { agent } = await bench.start()
    await gateway.next('run.pull.v1')
    const spec = specOf('echo here; sleep 60')
    gateway.assign(spec)
    await gateway.next('run.logs.v1')
    gateway.acknowledge.confirms = false
    const waiting = specOf('true')
    gateway.assign(waiting)
    await until(() => agent.counts().assigned === 1)
    gateway.send(
      { type: 'run.confirmed.v1', ok: [], stale: [refOf(waiting)] },
      { type: 'agent.heartbeat-ack.v1', stale: [refOf(spec)], clock: 0 },
    )
    await bench.empty()
    expect(agent.counts()).toEqual({ assigned: 0, launching: 0, running: 0, ended: 0 })
    await gateway.next('run.pull.v1', (frame) => frame.credits === 4)
  })

  it('draining hands back what has not started, takes nothing, beats on, and ends when the last run has', async () => {
    const { gateway } = bench
    const { agent, ended } = await bench.start()
    await gateway.next('run.pull.v1')
    const gate = join(bench.folder, 'gate')
    const running = specOf(`echo here; while [ ! -e ${gate} ]; do sleep 0.02; done; echo done`)
    gateway.assign(running)
    await gateway.next('run.logs.v1')
    gateway.acknowledge.confirms = false
    const unstarted = specOf('true')
    gateway.assign(unstarted)
    await gateway.next('run.confirm.v1', (frame) => frame.runs[0]?.runId === unstarted.runId)
    const drained = agent.drain('SIGTERM').then(() => agent.stop())
    expect(await gateway.status('released')).toMatchObject(refOf(unstarted))
    expect((await gateway.next('run.pull.v1')).credits).toBe(0)
    gateway.assign(specOf('true'))
    await gateway.status('released')
    for (const _ of [1, 2, 3]) await gateway.next('agent.heartbeat.v1', (beat) => beat.draining && beat.runs.length === 1)
    expect(agent.unhealthy()).toBe('draining')
    writeFileSync(gate, '')
    await gateway.status('exited', running.runId)
    await drained
    expect(await ended).toBeNull()
    expect(bench.spooled()).toEqual([])
  })
})
