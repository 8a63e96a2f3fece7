import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '@towline/service/until'
import { expect, onTestFinished, test } from 'vitest'
import { Child } from './child.ts'
import { processBirth } from './process-identity.ts'

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

const start = (code: string) => {
  const logDir = mkdtempSync(join(tmpdir(), 'towline-child-'))
  const file = join(logDir, 'program.mjs')
  writeFileSync(file, code)
  const pids: number[] = []
  const crashes: string[] = []
  const child = new Child({
    name: 'program',
    args: [file],
    cwd: logDir,
    env: process.env,
    root,
    logDir,
    onSpawn: (_, pid) => pids.push(pid),
    onCrash: (_, how) => crashes.push(how),
  })
  onTestFinished(() => child.kill())
  return { child, pids, crashes, log: () => readFileSync(join(logDir, 'program.log'), 'utf8') }
}

test('a process that is killed is started again, and its output is kept in one log', async () => {
  const { child, pids, crashes, log } = start('console.log("up"); setInterval(() => {}, 1000)')
  await until(() => log().includes('up'))
  process.kill(pids[0] as number, 'SIGKILL')
  await until(() => pids.length === 2 && log().match(/up/g)?.length === 2)
  expect(crashes).toEqual(['SIGKILL'])
  await child.stop()
  expect(processBirth(pids[1] as number)).toBeNull()
})

test('stop sends SIGTERM and waits for the end; a process that does not listen is killed', async () => {
  const polite = start(
    'process.on("SIGTERM", () => { console.log("bye"); process.exit(0) }); console.log("up"); setInterval(() => {}, 1000)',
  )
  const deaf = start('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)')
  await until(() => polite.log().includes('up') && deaf.log().includes('up'))
  await Promise.all([polite.child.stop(), deaf.child.stop({ hurryMs: 50, graceMs: 150 })])
  expect(polite.log()).toContain('bye')
  expect(processBirth(deaf.pids[0] as number)).toBeNull()
  expect([...polite.crashes, ...deaf.crashes]).toEqual([])
})

test('children of a supervisor that was killed end by themselves', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'towline-orphan-'))
  const pidFile = join(folder, 'pid')
  writeFileSync(
    join(folder, 'child.mjs'),
    `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000)`,
  )
  writeFileSync(
    join(folder, 'parent.mjs'),
    `import { spawn } from 'node:child_process'
     spawn(process.execPath, ['--import', ${JSON.stringify(join(root, 'apps/local/parent-watch.mjs'))}, ${JSON.stringify(join(folder, 'child.mjs'))}], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })`,
  )
  const parent = spawn(process.execPath, [join(folder, 'parent.mjs')], { stdio: 'ignore' })
  const pid = await until(() => Number(readFileSync(pidFile, 'utf8')) || null)
  expect(processBirth(pid)).not.toBeNull()
  parent.kill('SIGKILL')
  await until(() => processBirth(pid) === null)
})
