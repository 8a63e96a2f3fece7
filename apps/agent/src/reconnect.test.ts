import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '@towline/service/until'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDataDir, processTag } from './data-dir.ts'
import { FakeGateway, specOf } from './testing/fake-gateway.ts'
import { type Bench, openBench } from './testing/test-bench.ts'

let bench: Bench
beforeEach(async () => {
  bench = await openBench()
})
afterEach(() => bench.close())

const linesOf = (gateway: FakeGateway): string[] =>
  gateway.frames.flatMap((frame) => (frame.type === 'run.logs.v1' ? frame.lines.map((line) => line.text) : []))

describe('losing the connection', () => {
  it('reports and lines that were not acknowledged are sent again, with the same ids and numbers', async () => {
    const { gateway } = bench
    await bench.start()
    await gateway.next('run.pull.v1')
    gateway.acknowledge.reports = false
    gateway.acknowledge.logs = false
    const spec = specOf('echo one; echo two')
    gateway.assign(spec)
    const first = await gateway.status('started')
    expect((await gateway.next('run.logs.v1')).lines.map((line) => line.seq)).toEqual([1, 2])
    gateway.cut()
    gateway.acknowledge.reports = true
    gateway.acknowledge.logs = true
    expect((await gateway.next('agent.hello.v1', (hello) => hello.inventory.length === 1)).inventory).toMatchObject([{ runId: spec.runId }])
    expect((await gateway.status('started')).reportId).toBe(first.reportId)
    expect((await gateway.next('run.logs.v1')).lines.map((line) => line.seq)).toEqual([1, 2])
    await gateway.status('exited')
    await bench.empty()
  })

  it('a refused report is sent again when that may help, and dropped when it cannot', async () => {
    const { gateway } = bench
    await bench.start()
    await gateway.next('run.pull.v1')
    gateway.acknowledge.reports = false
    gateway.assign(specOf('true'))
    const { reportId } = await gateway.status('started')
    const refusal = { type: 'frame.error.v1' as const, code: 'unavailable' as const, message: 'away', of: 'run.status.v1', reportId }
    gateway.send({ ...refusal, retry: true })
    expect((await gateway.status('started')).reportId).toBe(reportId)
    gateway.send({ ...refusal, retry: false })
    const end = await gateway.status('exited')
    gateway.send({ type: 'run.status-ack.v1', reportIds: [end.reportId] })
    await bench.empty()
  })

  it('runs go on and end while no gateway is there; what happened is told later, in order', async () => {
    const { gateway } = bench
    await bench.start()
    await gateway.next('run.pull.v1')
    const gate = join(bench.folder, 'gate')
    gateway.assign(specOf(`echo before; while [ ! -e ${gate} ]; do sleep 0.02; done; echo after`))
    await gateway.next('run.logs.v1')
    await gateway.status('started')
    const { port } = gateway
    await gateway.close()
    writeFileSync(gate, '')
    await until(() => bench.spooled().length === 1)
    const again = await FakeGateway.open(port)
    try {
      await again.status('exited')
      expect(linesOf(again)).toEqual(['after'])
    } finally {
      await again.close()
    }
  })

  it('a run that the gateway expects and nobody here knows is reported lost', async () => {
    const spec = specOf('true')
    bench.gateway.ready = { expected: [{ runId: spec.runId, attempt: 1 }] }
    await bench.start()
    expect(await bench.gateway.status('lost')).toMatchObject({ runId: spec.runId })
  })

  it('goaway: the new connection is there before the old one is left', async () => {
    const { gateway } = bench
    const { agent } = await bench.start()
    await gateway.next('run.pull.v1')
    const [old] = gateway.sockets
    gateway.send({ type: 'agent.goaway.v1', reason: 'test' })
    await until(() => gateway.sockets.length === 2)
    await until(() => old?.readyState === old?.CLOSED)
    await gateway.next('run.pull.v1')
    expect(agent.unhealthy()).toBeNull()
  })

  it('a final refusal ends the agent with its words; a passing one does not', async () => {
    const { gateway } = bench
    const { agent, ended } = await bench.start()
    await gateway.next('run.pull.v1')
    gateway.sockets.pop()?.close(4409, 'replaced')
    await gateway.next('run.pull.v1')
    expect(agent.unhealthy()).toBeNull()
    gateway.sockets.pop()?.close(4402, 'The agent key was revoked.')
    expect(await ended).toEqual({ reason: 'key_revoked', retry: false, text: 'The agent key was revoked.' })
    expect(agent.unhealthy()).toContain('revoked')
  })
})

describe('starting again', () => {
  it('adopts what runs, with its output from where it was acknowledged, and reports its end once', async () => {
    const { gateway } = bench
    const first = await bench.start()
    await gateway.next('run.pull.v1')
    const gate = join(bench.folder, 'gate')
    const spec = specOf(`echo before; while [ ! -e ${gate} ]; do sleep 0.02; done; echo after; exit 5`)
    gateway.assign(spec)
    await gateway.next('run.logs.v1')
    await gateway.status('started')
    await first.agent.stop()
    await first.ended
    gateway.frames.length = 0
    const second = await bench.start()
    expect((await gateway.next('agent.hello.v1')).inventory).toEqual([{ runId: spec.runId, attempt: 1, phase: 'running' }])
    expect((await gateway.next('run.pull.v1')).credits).toBe(3)
    writeFileSync(gate, '')
    expect((await gateway.status('exited')).status).toMatchObject({ exit: { exitCode: 5 } })
    expect(linesOf(gateway).at(-1)).toBe('after')
    expect(gateway.frames.some((frame) => frame.type === 'run.status.v1' && frame.status.kind === 'started')).toBe(false)
    await bench.empty()
    expect(second.agent.counts().running).toBe(0)
  })

  it('what was confirmed but not launched starts once the gateway did not call it stale; what is stale never does', async () => {
    const { gateway } = bench
    const first = await bench.start()
    await gateway.next('run.pull.v1')
    gateway.acknowledge.confirms = false
    const [good, stale] = [specOf('echo good'), specOf(`touch ${join(bench.folder, 'never')}`)]
    gateway.assign(good, stale)
    await gateway.next('run.confirm.v1')
    await first.agent.stop()
    gateway.ready = { stale: [{ runId: stale.runId, attempt: 1 }] }
    gateway.acknowledge.confirms = true
    await bench.start()
    expect((await gateway.next('run.confirm.v1')).runs).toEqual([{ runId: good.runId, attempt: 1 }])
    await gateway.status('exited', good.runId)
    await bench.empty()
  })

  it('a second agent on the same folder is refused while the first lives, and let in when it was killed', async () => {
    const other = spawn('sleep', ['60'])
    try {
      const tag = processTag(other.pid ?? 0) ?? ''
      writeFileSync(join(bench.folder, 'agent.pid'), tag)
      expect(() => openDataDir(bench.folder)).toThrow(`process ${other.pid}`)
      other.kill('SIGKILL')
      await once(other, 'exit')
      expect(() => openDataDir(bench.folder)).not.toThrow()
      // The number went to another process meanwhile.
      writeFileSync(join(bench.folder, 'agent.pid'), `${process.ppid} 1`)
      expect(() => openDataDir(bench.folder)).not.toThrow()
    } finally {
      other.kill('SIGKILL')
    }
  })
})
