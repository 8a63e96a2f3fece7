import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AttemptSpool, type Report, readSpools } from './attempt-spool.ts'
import { specOf } from './testing/fake-gateway.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'towline-spool-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const spec = specOf('true')
const ref = { runId: spec.runId, attempt: 1 }
const file = (): string => join(folder, `${ref.runId}.1.jsonl`)
const report = (n: number, status: Report['status']): Report => ({
  type: 'run.status.v1',
  reportId: `${ref.runId}.1.${n}`,
  ...ref,
  at: n,
  status,
})
const read = async () => (await readSpools(folder))[0]?.record

const fill = async (): Promise<AttemptSpool> => {
  const spool = new AttemptSpool(folder, ref)
  await spool.append({ k: 'assigned', spec, token: 'tlr_x' })
  await spool.append({ k: 'confirmed' })
  await spool.append({ k: 'started', at: 7 })
  await spool.append({ k: 'report', report: report(1, { kind: 'started', infrastructure: {} }) })
  await spool.append({ k: 'acked', reportId: `${ref.runId}.1.1` })
  await spool.append({ k: 'logs', stream: 'stdout', seq: 12 })
  await spool.append({ k: 'report', report: report(2, { kind: 'lost', note: 'x' }) }, { sync: true })
  await spool.park()
  return spool
}

describe('the spool of an attempt', () => {
  it('a new process reads what the old one knew; only the owner can read the file, as it holds a token', async () => {
    const { record } = await fill()
    expect(await read()).toEqual(record)
    expect(record).toMatchObject({ confirmed: true, startedAt: 7, ended: true, reportCount: 2, logs: { stdout: 12, stderr: 0 } })
    expect(record.reports.map((each) => each.reportId)).toEqual([`${ref.runId}.1.2`])
    expect(statSync(file()).mode & 0o077).toBe(0)
  })

  it.each(['{"k":"acked","repo', '\0\0\0\0', '{"k":"dance"}\n', 'x'.repeat(100_000)])(
    'a torn end (%.12s) is cut off, and what is appended then is read',
    async (tail) => {
      await fill()
      const good = readFileSync(file())
      appendFileSync(file(), tail)
      const [spool] = await readSpools(folder)
      expect(spool?.record.reports).toHaveLength(1)
      expect(readFileSync(file()).equals(good)).toBe(true)
      await spool?.append({ k: 'acked', reportId: `${ref.runId}.1.2` })
      await spool?.park()
      expect((await read())?.reports).toEqual([])
    },
  )

  it('stays small however long the run writes, and forgets nothing that matters', async () => {
    const spool = await fill()
    for (let seq = 13; seq < 9000; seq += 1) void spool.append({ k: 'logs', stream: 'stderr', seq })
    await spool.park()
    expect(statSync(file()).size).toBeLessThan(300_000)
    expect(await read()).toEqual(spool.record)
  })

  it('a forgotten attempt leaves no file, whatever is appended later', async () => {
    const spool = await fill()
    await spool.forget()
    await spool.append({ k: 'logs', stream: 'stderr', seq: 3 })
    expect(await readSpools(folder)).toEqual([])
  })
})
