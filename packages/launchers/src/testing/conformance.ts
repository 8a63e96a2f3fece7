import { MAX_LOG_LINE_CHARS } from '@towline/contract/frames'
import type { Code, JobVariables } from '@towline/contract/run-spec'
import { afterEach, describe, expect, it } from 'vitest'
import { isLaunchError, type LaunchError, type Launcher, type LaunchJob, type RunningJob } from '../launcher.ts'
import { countTo, lineThat, newAgentId, noAbort, node, noEvents, readLogs, seqs, sh, testJob, texts } from './test-jobs.ts'

export type ConformanceSetup = {
  /** Another call with the same agent id is what a restarted agent has: nothing in memory, everything outside. */
  createLauncher(agentId: string): Launcher
  /** What every job of this launcher needs (an image). */
  variables: JobVariables
  /** Writes a bundle and returns its path. */
  writeBundle(source: string): Promise<string>
}

export const failureOf = async (launch: Promise<RunningJob>): Promise<LaunchError['failure']> => {
  const error = await launch.then(
    () => new Error('it was launched'),
    (thrown: unknown) => thrown,
  )
  if (isLaunchError(error)) return error.failure
  throw error
}

/** What the agent relies on, whatever launches: run against the real thing. */
export const describeLauncher = (name: string, { createLauncher, variables, writeBundle }: ConformanceSetup): void => {
  const used: Launcher[] = []
  const create = (
    agentId = newAgentId(),
  ): { launcher: Launcher; job(code: Code, more?: Partial<Parameters<typeof testJob>[0]>): LaunchJob; again(): Launcher } => {
    const open = () => {
      const launcher = createLauncher(agentId)
      used.push(launcher)
      return launcher
    }
    return {
      launcher: open(),
      job: (code, more = {}) => testJob({ agentId, code, ...more, variables: { ...variables, ...more.variables } }),
      again: open,
    }
  }
  const launch = (launcher: Launcher, job: LaunchJob) => launcher.launch(job, noEvents, noAbort())

  afterEach(async () => {
    for (const launcher of used.splice(0)) {
      for (const job of await launcher.list()) await job.remove()
    }
  })

  describe(`${name}: how it ends`, () => {
    it('says that it can launch, with facts for people', async () => {
      expect(await create().launcher.check()).toMatchObject({ ok: true, facts: { cpus: expect.any(Number) } })
    })

    it('reports exit code 0, and when it ended', async () => {
      const { launcher, job } = create()
      const before = Date.now()
      const running = await launch(launcher, job(sh('true')))
      const exit = await running.exited
      expect(exit).toMatchObject({ exitCode: 0, signal: null, outOfMemory: false })
      expect(exit.endedAt).toBeGreaterThan(before - 1500)
      expect(exit.endedAt).toBeLessThan(Date.now() + 1500)
    })

    it('reports the exit code of a failure', async () => {
      const { launcher, job } = create()
      expect(await (await launch(launcher, job(sh('exit 42')))).exited).toMatchObject({ exitCode: 42, signal: null })
    })

    it('reports the signal that killed it', async () => {
      const { launcher, job } = create()
      const [killed, terminated] = [
        await launch(launcher, job(sh('kill -KILL $$'))),
        await launch(launcher, job(node('process.kill(process.pid, "SIGTERM")'))),
      ]
      expect(await killed.exited).toMatchObject({ exitCode: null, signal: 'SIGKILL', outOfMemory: false })
      expect(await terminated.exited).toMatchObject({ exitCode: null, signal: 'SIGTERM' })
    })

    it('runs a code bundle', async () => {
      const { launcher, job } = create()
      const bundlePath = await writeBundle(
        'import { basename } from "node:path"\nconsole.log("hello", basename("/a/b"), import.meta.url.length > 0)\n',
      )
      const running = await launch(launcher, job({ kind: 'bundle', sha256: '0'.repeat(64), sizeBytes: 1, flow: 'f' }, { bundlePath }))
      expect(texts((await readLogs(running)).stdout)).toEqual(['hello b true'])
      expect(await running.exited).toMatchObject({ exitCode: 0 })
    })
  })

  describe(`${name}: what it is given`, () => {
    it('passes every character of the environment and of the arguments', async () => {
      const { launcher, job } = create()
      const nasty = `line 1\nline 2\t"double" 'single' $HOME \`id\` $(id) \\n ; & | * ? ~ % # ü 漢字 🚢 {"a":"\\u0000"} `
      const code: Code = {
        kind: 'command',
        command: [
          'node',
          '-e',
          'console.log(JSON.stringify([process.env.NASTY, process.env.EMPTY, ...process.argv.slice(1)]))',
          nasty,
          '',
          '--',
        ],
      }
      const running = await launch(launcher, job(code, { env: { NASTY: nasty, EMPTY: '' } }))
      const [line = ''] = texts((await readLogs(running)).stdout)
      expect(JSON.parse(line)).toEqual([nasty, '', nasty, '', '--'])
    })

    it('passes parameters of 64 KiB', async () => {
      const { launcher, job } = create()
      const running = await launch(launcher, job(node('console.log(process.env.BIG.length)'), { env: { BIG: 'x'.repeat(65_536) } }))
      expect(texts((await readLogs(running)).stdout)).toEqual(['65536'])
    })

    it('runs in the working directory that was asked for', async () => {
      const { launcher, job } = create()
      const running = await launch(launcher, job(sh('pwd'), { variables: { workingDirectory: '/tmp' } }))
      expect(texts((await readLogs(running)).stdout)).toEqual(['/tmp'])
    })

    it("keeps the agent's own environment from it", async () => {
      process.env.TOWLINE_AGENT_KEY = 'tla_secret'
      const { launcher, job } = create()
      const running = await launch(launcher, job(sh('env')))
      expect(texts((await readLogs(running)).stdout).join('\n')).not.toContain('tla_secret')
      delete process.env.TOWLINE_AGENT_KEY
    })
  })

  describe(`${name}: what it prints`, () => {
    it('numbers 5,000 lines of each stream without a gap, in order, none twice', async () => {
      const { launcher, job } = create()
      const running = await launch(
        launcher,
        job(node('for (let i = 1; i <= 5000; i++) { console.log("out " + i); console.error("err " + i) }')),
      )
      const { stdout, stderr } = await readLogs(running)
      expect(seqs(stdout)).toEqual(countTo(5000))
      expect(texts(stdout)).toEqual(countTo(5000).map((n) => `out ${n}`))
      expect(seqs(stderr)).toEqual(countTo(5000))
      expect(texts(stderr)).toEqual(countTo(5000).map((n) => `err ${n}`))
    })

    it('goes on after the numbers that are durable already, with the same text for the same number', async () => {
      const { launcher, job, again } = create()
      const task = job(sh('for i in $(seq 1 300); do echo "out $i"; echo "err $i" >&2; done'))
      const running = await launch(launcher, task)
      await running.exited
      const [adopted] = await again().list()
      const { stdout, stderr } = await readLogs(adopted ?? running, { stdout: 120, stderr: 299 })
      expect(seqs(stdout)).toEqual(countTo(300, 121))
      expect(texts(stdout)[0]).toBe('out 121')
      expect(texts(stderr)).toEqual(['err 300'])
    })

    it('passes a line on while the job goes on', async () => {
      const { launcher, job } = create()
      const running = await launch(launcher, job(sh('echo ready; while :; do sleep 0.1; done')))
      expect(await lineThat(running, (text) => text === 'ready')).toBe('ready')
      await running.stop({ graceSeconds: 0 })
    })

    it('keeps a last line without a newline, empty lines, and what carriage returns leave on a terminal', async () => {
      const { launcher, job } = create()
      const running = await launch(launcher, job(node('process.stdout.write("a\\r\\n\\n10%\\r100%\\nlast")')))
      const { stdout } = await readLogs(running)
      expect(texts(stdout)).toEqual(['a', '', '100%', 'last'])
      expect(seqs(stdout)).toEqual([1, 2, 3, 4])
    })

    it('replaces bytes that are not text, and goes on', async () => {
      const { launcher, job } = create()
      const running = await launch(
        launcher,
        job(node('process.stdout.write(Buffer.from([0x61, 0xff, 0xfe, 0x00, 0x62, 0x0a])); process.stdout.write("grün 🚢\\n")')),
      )
      const [broken = '', whole] = texts((await readLogs(running)).stdout)
      expect(broken).toMatch(/^a\uFFFD+b$/)
      expect(whole).toBe('grün 🚢')
    })

    it('cuts a line that is too long, says so, and counts it as one', async () => {
      const { launcher, job } = create()
      const running = await launch(launcher, job(node('console.log("x".repeat(300000)); console.log("next")')))
      const { stdout } = await readLogs(running)
      expect(seqs(stdout)).toEqual([1, 2])
      const [long = '', next] = texts(stdout)
      expect(long.length).toBeLessThanOrEqual(MAX_LOG_LINE_CHARS)
      expect(long).toMatch(/^x+ … \[line cut: 300000 bytes\]$/)
      expect(next).toBe('next')
    })

    it('passes on megabytes without losing a line', async () => {
      const { launcher, job } = create()
      const running = await launch(
        launcher,
        job(
          node('const l = "y".repeat(190); let t = ""; for (let i = 0; i < 50000; i++) t += i + " " + l + "\\n"; process.stdout.write(t)'),
        ),
      )
      const { stdout } = await readLogs(running)
      expect(stdout.length).toBe(50_000)
      expect(stdout.every(({ seq, text }, index) => seq === index + 1 && text.startsWith(`${index} y`))).toBe(true)
    })
  })

  describe(`${name}: stopping`, () => {
    it('lets it end by itself within the grace', async () => {
      const { launcher, job } = create()
      const running = await launch(launcher, job(sh('trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.05; done')))
      await lineThat(running, (text) => text === 'ready')
      await running.stop({ graceSeconds: 30 })
      expect(await running.exited).toMatchObject({ exitCode: 7, signal: null })
      expect(texts((await readLogs(running)).stdout)).toEqual(['ready', 'bye'])
    })

    it('kills what ignores SIGTERM when the grace is over, children included', async () => {
      const { launcher, job } = create()
      const running = await launch(
        launcher,
        job(sh('trap "" TERM; (while :; do echo child; sleep 0.05; done) & echo ready; while :; do sleep 0.05; done')),
      )
      await lineThat(running, (text) => text === 'ready')
      const before = Date.now()
      await running.stop({ graceSeconds: 0.3 })
      expect(Date.now() - before).toBeGreaterThanOrEqual(290)
      expect(await running.exited).toMatchObject({ exitCode: null, signal: 'SIGKILL', outOfMemory: false })
      // Nothing prints any more: the log has an end.
      expect(texts((await readLogs(running)).stdout)).toContain('child')
    })

    it('may be stopped twice, and after its end', async () => {
      const { launcher, job } = create()
      const running = await launch(launcher, job(sh('trap "" TERM; echo ready; while :; do sleep 0.05; done')))
      await lineThat(running, (text) => text === 'ready')
      await Promise.all([running.stop({ graceSeconds: 60 }), running.stop({ graceSeconds: 0.1 })])
      await running.stop({ graceSeconds: 10 })
      expect(await running.exited).toMatchObject({ signal: 'SIGKILL' })
    })
  })

  describe(`${name}: across agents`, () => {
    it('is adopted while it runs: a restarted agent reads every line and the exit code', async () => {
      const { launcher, job, again } = create()
      const first = await launch(launcher, job(sh('echo one; sleep 0.5; echo two; exit 5')))
      const [adopted, ...others] = await again().list()
      expect(others).toEqual([])
      expect(adopted?.ref).toEqual(first.ref)
      expect(adopted?.infrastructure.type).toBe(launcher.poolType)
      expect(texts((await readLogs(adopted ?? first)).stdout)).toEqual(['one', 'two'])
      expect(await adopted?.exited).toMatchObject({ exitCode: 5 })
    })

    it('is adopted after its end', async () => {
      const { launcher, job, again } = create()
      const first = await launch(launcher, job(sh('echo done; exit 9')))
      const { endedAt } = await first.exited
      const [adopted] = await again().list()
      expect(await adopted?.exited).toMatchObject({ exitCode: 9, endedAt })
      expect(texts((await readLogs(adopted ?? first)).stdout)).toEqual(['done'])
    })

    it('stops what another agent process launched', async () => {
      const { launcher, job, again } = create()
      const first = await launch(launcher, job(sh('echo ready; while :; do sleep 0.05; done')))
      await lineThat(first, (text) => text === 'ready')
      const [adopted] = await again().list()
      await adopted?.stop({ graceSeconds: 10 })
      expect(await first.exited).toMatchObject({ signal: 'SIGTERM' })
    })

    it('launches one attempt once, however often and from wherever it is asked for', async () => {
      const { launcher, job, again } = create()
      const task = job(sh('echo started; sleep 0.3'))
      const jobs = await Promise.all([launch(launcher, task), launch(launcher, task), launch(again(), task)])
      const later = await launch(launcher, task)
      expect(new Set([...jobs, later].map(({ ref }) => `${ref.runId} ${ref.attempt}`)).size).toBe(1)
      expect(texts((await readLogs(later)).stdout)).toEqual(['started'])
      expect(await launcher.list()).toHaveLength(1)
    })

    it('keeps two attempts of a run apart', async () => {
      const { launcher, job } = create()
      const first = job(sh('exit 1'))
      const second = { ...first, spec: { ...first.spec, attempt: 2, code: sh('exit 2') }, env: { ...first.env, TOWLINE_ATTEMPT: '2' } }
      const [one, two] = [await launch(launcher, first), await launch(launcher, second)]
      expect([(await one.exited).exitCode, (await two.exited).exitCode]).toEqual([1, 2])
      await one.remove()
      expect((await launcher.list()).map(({ ref }) => ref.attempt)).toEqual([2])
    })

    it("lists nobody else's", async () => {
      const mine = create()
      const other = create()
      await launch(other.launcher, other.job(sh('true')))
      expect(await mine.launcher.list()).toEqual([])
      expect(await other.launcher.list()).toHaveLength(1)
    })

    it('leaves nothing after remove, which also ends what still runs', async () => {
      const { launcher, job, again } = create()
      const ended = await launch(launcher, job(sh('true')))
      const alive = await launch(launcher, job(sh('while :; do sleep 0.05; done')))
      await ended.exited
      await Promise.all([ended.remove(), alive.remove()])
      expect(await launcher.list()).toEqual([])
      expect(await again().list()).toEqual([])
      await ended.remove()
    })
  })

  describe(`${name}: launches that fail`, () => {
    it('says CommandNotFound with the name, and leaves nothing', async () => {
      const { launcher, job } = create()
      for (const program of ['no-such-program', '/opt/no/such/program', '/tmp']) {
        const failure = await failureOf(launch(launcher, job({ kind: 'command', command: [program, 'x'] })))
        expect(failure.reason).toBe('CommandNotFound')
        expect(failure.message).toContain(program)
        expect(failure.evidence).not.toBe('')
      }
      expect(await launcher.list()).toEqual([])
    })

    it('says CommandNotFound for a file that is not executable', async () => {
      const { launcher, job } = create()
      expect(await failureOf(launch(launcher, job({ kind: 'command', command: ['/etc/passwd'] })))).toMatchObject({
        reason: 'CommandNotFound',
        message: expect.stringContaining('not executable'),
      })
    })

    it('says ConfigInvalid for what no process can be given', async () => {
      const { launcher, job } = create()
      expect(await failureOf(launch(launcher, job(sh('true'), { env: { BAD: 'a\0b' } })))).toMatchObject({
        reason: 'ConfigInvalid',
        evidence: 'BAD',
      })
      expect(await launcher.list()).toEqual([])
    })

    it('launches nothing when it was called off before', async () => {
      const { launcher, job } = create()
      await expect(launcher.launch(job(sh('true')), noEvents, AbortSignal.abort(new Error('called off')))).rejects.toThrow('called off')
      expect(await launcher.list()).toEqual([])
    })
  })
}
