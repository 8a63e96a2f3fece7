import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '@towline/service/logger'
import { newId } from '@towline/service/new-id'
import { until } from '@towline/service/until'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AttemptSpool, readSpools } from './attempt-spool.ts'
import { specOf } from './testing/fake-gateway.ts'
import { canFillDisks, type SmallDisk, smallDisks } from './testing/small-disk.ts'
import { type Bench, openBench } from './testing/test-bench.ts'

let disk: SmallDisk
let bench: Bench
let errors: string[]
let infos: string[]
/** Runs until the test says so; its gate is on another disk. */
const gated = () => {
  const gate = join(tmpdir(), `towline-gate-${newId()}`)
  return { spec: specOf(`while [ ! -e ${gate} ]; do sleep 0.02; done; exit 3`), open: () => writeFileSync(gate, '') }
}

if (!canFillDisks()) process.stderr.write('SKIPPED: an agent whose disk is full. It takes prlimit (Debian: apt-get install util-linux).\n')
describe.skipIf(!canFillDisks()).each(smallDisks())('a full disk (%s)', (_, open) => {
  beforeEach(async () => {
    disk = open()
    errors = []
    infos = []
    const line = (to: string[]) => (facts: unknown, text?: string) => void to.push(`${text ?? ''} ${JSON.stringify(facts)}`)
    const log = { error: line(errors), warn: line(errors), info: line(infos), debug: () => undefined } as unknown as Logger
    bench = await openBench({ folder: disk.folder, log })
  })
  afterEach(async () => {
    disk.free()
    await bench.close().catch(() => undefined)
    disk.dispose()
  })

  it('runs go on and their ends are told; a run that comes now fails to launch with the remedy, and no others are taken; it is said once', async () => {
    const { gateway } = bench
    const { agent } = await bench.start({ engineCheckMs: 20 })
    const [first, second] = [gated(), gated()]
    await gateway.next('run.pull.v1')
    gateway.assign(first.spec, second.spec)
    await gateway.status('started', first.spec.runId)
    await gateway.status('started', second.spec.runId)

    disk.fill()
    first.open()
    expect((await gateway.status('exited', first.spec.runId)).status).toMatchObject({ exit: { exitCode: 3 }, cause: 'self' })
    const late = specOf('true')
    gateway.assign(late)
    expect((await gateway.status('failed-to-launch', late.runId)).status).toMatchObject({
      failure: { reason: 'Quota', message: expect.stringContaining('Free some space') },
    })
    await gateway.next('run.pull.v1', (frame) => frame.credits === 0)
    second.open()
    expect((await gateway.status('exited', second.spec.runId)).status).toMatchObject({ exit: { exitCode: 3 }, cause: 'self' })
    expect(agent.unhealthy()).toMatch(/the disk of .* is full \((ENOSPC|EFBIG)\)/)
    expect(errors.filter((line) => !line.includes(late.runId))).toEqual([
      expect.stringMatching(/kept in memory and no new runs are taken .* is full/),
    ])

    disk.free()
    await gateway.next('run.pull.v1', (frame) => frame.credits === 4)
    expect(agent.unhealthy()).toBeNull()
    expect(infos.filter((line) => line.includes('can be written again'))).toHaveLength(1)
    const spec = specOf('echo after')
    gateway.assign(spec)
    expect((await gateway.status('exited', spec.runId)).status).toMatchObject({ exit: { exitCode: 0 } })
    await bench.empty()
  })

  it('an end that nobody has acknowledged when the disk was full is on disk when there is space, and an agent that is started again tells it', async () => {
    const { gateway } = bench
    const before = await bench.start({ engineCheckMs: 20 })
    const { spec, open } = gated()
    await gateway.next('run.pull.v1')
    gateway.assign(spec)
    await gateway.status('started')
    gateway.acknowledge.reports = false
    disk.fill()
    open()
    const told = await gateway.status('exited')
    disk.free()
    await until(() => before.agent.unhealthy() === null)
    await before.agent.stop()
    await before.ended
    const [spool] = await readSpools(join(bench.folder, 'spool'))
    expect(spool?.record.reports.map((report) => report.reportId)).toContain(told.reportId)

    gateway.acknowledge.reports = true
    await bench.start()
    expect((await gateway.status('exited')).reportId).toBe(told.reportId)
    await bench.empty()
  })

  it('half a line of a write that failed does not hide what is written after it', async () => {
    const spec = specOf('true')
    const spool = new AttemptSpool(disk.folder, { runId: spec.runId, attempt: 1 })
    await spool.append({ k: 'assigned', spec, token: 'tlr_x' })
    disk.fill()
    const large = { ...spec, parameters: { text: 'x'.repeat(64 * 1024) } }
    await expect(spool.append({ k: 'assigned', spec: large, token: 'tlr_x' })).rejects.toMatchObject({ code: /ENOSPC|EFBIG/ })
    await expect(spool.append({ k: 'confirmed' })).rejects.toThrow()
    expect((await readSpools(disk.folder))[0]?.record.assigned?.spec).toEqual(spec)
    disk.free()
    await spool.append({ k: 'started', at: 7 })
    await spool.park()
    expect((await readSpools(disk.folder))[0]?.record).toEqual(spool.record)
    expect(existsSync(join(disk.folder, `${spec.runId}.1.jsonl.new`))).toBe(false)
    expect(readFileSync(join(disk.folder, `${spec.runId}.1.jsonl`), 'utf8')).toMatch(/\n$/)
  })
})
