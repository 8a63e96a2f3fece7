import { execFileSync, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Code, JobVariables } from '@towline/contract/run-spec'
import { createLogger } from '@towline/service/logger'
import { until } from '@towline/service/until'
import { build } from 'esbuild'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { RunningJob } from '../launcher.ts'
import { failureOf } from '../testing/conformance.ts'
import { lineThat, newAgentId, noAbort, node, noEvents, readLogs, sh, testJob, texts } from '../testing/test-jobs.ts'
import { ProcessLauncher } from './process-launcher.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'towline-survival-'))
const log = createLogger('test', { level: 'silent' })
const agentId = newAgentId()
const open = () => new ProcessLauncher({ agentId, dataDir, log })
const launch = (code: Code, variables: JobVariables = {}, launcher = open()): Promise<RunningJob> =>
  launcher.launch(testJob({ agentId, code, variables }), noEvents, noAbort())
const directoryOf = ({ ref }: RunningJob) => join(dataDir, 'attempts', `${ref.runId}-${ref.attempt}`)
const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
/** What the wrapper writes of itself, of any process. */
const startLineOf = (pid: number) =>
  execFileSync('sh', ['-c', `cat /proc/${pid}/stat 2>/dev/null || ps -o lstart= -p ${pid}`], { encoding: 'utf8' }).trimEnd()
const isGone = async (pid: number) => !isRunning(pid) || (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')).includes(') Z')

afterEach(async () => {
  for (const job of await open().list()) await job.remove()
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

describe('a process whose agent dies', () => {
  it('goes on after kill -9 of the agent, and the next agent gets every line and the exit code', async () => {
    const job = testJob({ agentId, code: sh('for i in $(seq 1 200); do echo "line $i"; sleep 0.005; done; exit 12') })
    const agent = join(dataDir, 'agent.mjs')
    await build({
      stdin: {
        contents: `import { ProcessLauncher } from './process-launcher.ts'
          const log = { warn() {} }
          const launcher = new ProcessLauncher({ agentId: ${JSON.stringify(agentId)}, dataDir: ${JSON.stringify(dataDir)}, log })
          const job = await launcher.launch(${JSON.stringify(job)}, { onLaunching() {} }, new AbortController().signal)
          for await (const _ of job.logs({ stdout: 0, stderr: 0 }, new AbortController().signal)) process.kill(process.pid, 'SIGKILL')`,
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: agent,
      logLevel: 'silent',
      external: ['pino'],
    })
    const died = await new Promise((resolve) =>
      spawn(process.execPath, [agent], { stdio: 'inherit' }).once('exit', (_code, signal) => resolve(signal)),
    )
    expect(died).toBe('SIGKILL')
    const [adopted] = await open().list()
    if (adopted === undefined) throw new Error('nothing to adopt')
    expect(adopted.ref).toEqual({ runId: job.spec.runId, attempt: 1 })
    expect(texts((await readLogs(adopted)).stdout)).toEqual(Array.from({ length: 200 }, (_, index) => `line ${index + 1}`))
    expect(await adopted.exited).toMatchObject({ exitCode: 12 })
  })

  it('never starts when the agent died before its wrapper began, and is reported as gone', async () => {
    const { spec } = testJob({ agentId, code: sh('true') })
    const directory = join(dataDir, 'attempts', `${spec.runId}-1`)
    await mkdir(directory, { recursive: true })
    const record = { agentId, runId: spec.runId, attempt: 1, infrastructure: {}, createdAt: Date.now() - 60_000, oomKills: null }
    await Promise.all([
      writeFile(join(directory, 'job.json'), JSON.stringify(record)),
      writeFile(join(directory, 'stdout'), ''),
      writeFile(join(directory, 'stderr'), ''),
    ])
    const [adopted] = await open().list()
    expect(await adopted?.exited).toMatchObject({ exitCode: null, signal: null })
    // A wrapper that comes late finds its place taken.
    expect(await readFile(join(directory, 'pid'), 'utf8')).toBe('never\n')
  })

  it('is gone when the machine gave its number to another process, which is left alone', async () => {
    const bystander = await launch(sh('echo ready; while :; do sleep 0.05; done'))
    await lineThat(bystander, (text) => text === 'ready')
    const pid = Number(bystander.infrastructure.pid)
    const victim = await launch(sh('true'))
    await victim.exited
    const directory = directoryOf(victim)
    // The start of this test stands for that of the first owner: the two just launched may share a tick of the clock (10 ms).
    await writeFile(join(directory, 'pid'), `${pid}\n${startLineOf(process.pid)}\n`)
    await rm(join(directory, 'exit'))
    const adopted = (await open().list()).find(({ ref }) => ref.runId === victim.ref.runId)
    expect(await adopted?.exited).toMatchObject({ exitCode: null, signal: null })
    await adopted?.stop({ graceSeconds: 0 })
    await adopted?.remove()
    expect(isRunning(pid)).toBe(true)
  })
})

describe('everything of a process ends', () => {
  it('kills grandchildren that ignore SIGTERM when their parent obeys it', async () => {
    const job = await launch(sh(`sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done' & wait`))
    const grandchild = Number(await lineThat(job, (text) => /^\d+$/.test(text)))
    await job.stop({ graceSeconds: 10 })
    await until(() => isGone(grandchild), { what: 'the end of the grandchild' })
    expect(await job.exited).toMatchObject({ signal: 'SIGTERM' })
  })

  it('kills what left the process group', async () => {
    const detach = `const { spawn } = require("child_process")
      const child = spawn("sh", ["-c", "trap '' TERM; while :; do sleep 0.05; done"], { detached: true, stdio: "ignore" })
      console.log(child.pid); setInterval(() => {}, 1000)`
    const job = await launch(node(detach))
    const daemon = Number(await lineThat(job, (text) => /^\d+$/.test(text)))
    await job.stop({ graceSeconds: 10 })
    await until(() => isGone(daemon), { what: 'the end of the daemon' })
  })

  it('ends what a finished command left in the background, as a container would', async () => {
    const job = await launch(sh('(while :; do sleep 0.05; done) & echo $!'))
    const left = Number(await lineThat(job, (text) => /^\d+$/.test(text)))
    expect(await job.exited).toMatchObject({ exitCode: 0 })
    await until(() => isGone(left), { what: 'the end of the background process' })
  })

  it('reports as gone, and kills, what lost its wrapper to a foreign SIGKILL', async () => {
    const job = await launch(sh('echo $$; while :; do sleep 0.05; done'))
    const command = Number(await lineThat(job, (text) => /^\d+$/.test(text)))
    process.kill(Number(job.infrastructure.pid), 'SIGKILL')
    expect(await job.exited).toMatchObject({ exitCode: null, signal: null })
    await until(() => isGone(command), { what: 'the end of the command' })
  })

  it('leaves no file behind', async () => {
    const job = await launch(sh('touch here; pwd'))
    await job.exited
    await job.remove()
    expect(await readdir(join(dataDir, 'attempts'))).toEqual([])
  })
})

describe('what a process is given', () => {
  it('says OutOfMemory when a bundle needs more heap than memoryMb', async () => {
    const bundlePath = join(dataDir, 'greedy.mjs')
    await writeFile(bundlePath, 'const all = []; for (;;) all.push(new Array(1e5).fill(all.length))')
    const job = testJob({
      agentId,
      code: { kind: 'bundle', sha256: '0'.repeat(64), sizeBytes: 1, flow: 'f' },
      bundlePath,
      variables: { memoryMb: 32 },
    })
    expect(await (await open().launch(job, noEvents, noAbort())).exited).toMatchObject({ exitCode: null, outOfMemory: true })
  })

  it('says ConfigInvalid for a working directory that does not exist', async () => {
    expect(await failureOf(launch(sh('true'), { workingDirectory: '/no/such/place' }))).toMatchObject({
      reason: 'ConfigInvalid',
      message: expect.stringContaining('/no/such/place'),
    })
  })

  it('says ConfigInvalid, with the remedy, for an image', async () => {
    expect(await failureOf(launch({ kind: 'image', image: 'debian', command: [] }))).toMatchObject({
      reason: 'ConfigInvalid',
      message: expect.stringContaining('docker pool'),
    })
  })

  it('says ConfigInvalid for an environment that is too large for the operating system', async () => {
    const env = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`BIG_${index}`, 'x'.repeat(120_000)]))
    const job = testJob({ agentId, code: sh('true'), env })
    expect(await failureOf(open().launch(job, noEvents, noAbort()))).toMatchObject({ reason: 'ConfigInvalid' })
  })

  it('gives each attempt an empty directory of its own', async () => {
    const job = await launch(sh('ls -A; touch x; ls -A'))
    expect(texts((await readLogs(job)).stdout)).toEqual(['x'])
  })
})
