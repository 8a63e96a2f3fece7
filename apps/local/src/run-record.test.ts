import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { processBirth } from './process-identity.ts'
import { RunRecord } from './run-record.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'towline-record-'))
const write = (dataDir: string, record: object): void => writeFileSync(join(dataDir, 'processes.json'), JSON.stringify(record))
const nobody = { name: 'supervisor', pid: 999_999_999, birth: '1' }

const sleeper = () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, pid: child.pid as number, birth: processBirth(child.pid as number) }
}

test('a second supervisor in the same folder is refused and told where the first one is', async () => {
  const dataDir = folder()
  await RunRecord.open(dataDir, 7600)
  await expect(RunRecord.open(dataDir, 7700)).rejects.toThrow(
    new RegExp(`already runs here \\(pid ${process.pid}, http://localhost:7600\\)`),
  )
})

test('children that a killed supervisor left behind are ended', async () => {
  const dataDir = folder()
  const { child, pid, birth } = sleeper()
  write(dataDir, { supervisor: nobody, port: 7600, children: [{ name: 'gateway', pid, birth }] })
  const ended = once(child, 'exit')
  await RunRecord.open(dataDir, 7600)
  await ended
  expect(child.signalCode).toBe('SIGTERM')
})

test('a stranger who has got the pid of a former child is left alone', async () => {
  const dataDir = folder()
  const { child, pid } = sleeper()
  write(dataDir, { supervisor: nobody, port: 7600, children: [{ name: 'gateway', pid, birth: 'long ago' }] })
  await RunRecord.open(dataDir, 7600)
  expect(child.exitCode).toBeNull()
  expect(processBirth(pid)).not.toBeNull()
})

test('a damaged record does not stand in the way, and closing removes it', async () => {
  const dataDir = folder()
  writeFileSync(join(dataDir, 'processes.json'), '{"supervisor":')
  const record = await RunRecord.open(dataDir, 7600)
  record.add('gateway', process.pid)
  expect(JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8')).children).toHaveLength(1)
  record.close()
  expect(existsSync(join(dataDir, 'processes.json'))).toBe(false)
})
