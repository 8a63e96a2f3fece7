import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { revokeKey } from '@towline/engine/keys/revoke-key'
import { cancelRun } from '@towline/engine/runs/cancel-run'
import { until } from '@towline/service/until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestSite, type Tenant, type TestSite } from './testing/test-site.ts'

// The agent as users start it, a process of its own, against a real gateway and a real database.
const root = fileURLToPath(new URL('../../..', import.meta.url))

type AgentProcess = {
  child: ChildProcess
  output: () => string
  exited: Promise<number | NodeJS.Signals>
  healthPort: () => Promise<string>
}

let site: TestSite
let tenant: Tenant
let folder: string
const processes: AgentProcess[] = []

beforeAll(async () => {
  site = await openTestSite()
})
afterAll(() => site.close())
beforeEach(async () => {
  tenant = await site.addTenant()
  folder = mkdtempSync(join(tmpdir(), 'towline-agent-'))
})
afterEach(async () => {
  for (const { child, exited } of processes.splice(0)) {
    child.kill('SIGTERM')
    await Promise.race([exited, until(() => false, { timeoutMs: 3000 }).catch(() => child.kill('SIGKILL'))])
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const startAgent = (url = site.gateway.url, key = tenant.key): AgentProcess => {
  const args = ['--url', url, '--data-dir', join(folder, 'agent'), '--name', 'box', '--capacity', '5', '--health-port', '0']
  const child = spawn(process.execPath, ['.config/run-ts.mjs', 'apps/agent/src/main.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: folder, TOWLINE_AGENT_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk))
  const exited = new Promise<number | NodeJS.Signals>((resolve) => child.once('close', (code, signal) => resolve(signal ?? code ?? 0)))
  const healthPort = async (): Promise<string> =>
    (await until(() => /"port":(\d+)/.exec(output), { what: `a health port in ${output}` }))[1] ?? ''
  const started = { child, output: () => output, exited, healthPort }
  processes.push(started)
  return started
}

const command = (script: string) => ({ code: { kind: 'command' as const, command: ['/bin/sh', '-c', script] } })
const stateOf = async (runId: string): Promise<string> => (await site.run(runId)).state_name
const reaches = (runId: string, state: string) =>
  until(async () => (await stateOf(runId)) === state, { what: `${state} of ${runId}`, timeoutMs: 15_000 })
const linesOf = async (runId: string): Promise<string[]> => {
  const { rows } = await site.database.db.enginePool.query('select text from log_line where run_id = $1 order by stream, seq', [runId])
  return (rows as { text: string }[]).map((row) => row.text)
}

/** Writes one line into `ledger` when it starts, prints numbers until `gate` is there, then ten more. */
const countUntilGate = (): string =>
  `echo $TOWLINE_RUN_ID >> ${join(folder, 'ledger')}; n=0; while [ ! -e ${join(folder, 'gate')} ]; do n=$((n+1)); echo line $n; sleep 0.02; done; ` +
  'for i in 1 2 3 4 5 6 7 8 9 10; do n=$((n+1)); echo line $n; done'

const expectWhole = async (runIds: string[]): Promise<void> => {
  for (const runId of runIds) {
    await reaches(runId, 'Completed')
    const lines = await linesOf(runId)
    expect(lines.length).toBeGreaterThan(10)
    expect(lines).toEqual(lines.map((_, i) => `line ${i + 1}`))
  }
  expect(readFileSync(join(folder, 'ledger'), 'utf8').trim().split('\n').sort()).toEqual([...runIds].sort())
}

describe('an agent at a gateway', () => {
  it('runs commands, keeps their output, and exit codes decide', async () => {
    await site.addDeployment(tenant.workspaceId, command('echo "hello $WHO"; echo bad >&2; exit $CODE'))
    const [good = ''] = await site.addRuns(tenant, 1, { variables: { env: { WHO: 'ship', CODE: '0' } } })
    const [bad = ''] = await site.addRuns(tenant, 1, { variables: { env: { WHO: 'shore', CODE: '3' } } })
    const agent = startAgent()
    await reaches(good, 'Completed')
    await reaches(bad, 'Failed')
    expect(await linesOf(good)).toEqual(['bad', 'hello ship'])
    expect(await linesOf(bad)).toEqual(['bad', 'hello shore'])
    const port = await agent.healthPort()
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('towline_agent_healthy{service="agent"} 1')
  })

  it('killed with -9 in the middle and started again: every run goes on, once, with every line once', async () => {
    await site.addDeployment(tenant.workspaceId, command(countUntilGate()))
    const runIds = await site.addRuns(tenant, 3)
    const first = startAgent()
    for (const runId of runIds) {
      await reaches(runId, 'Running')
      await until(async () => (await linesOf(runId)).length > 3)
    }
    first.child.kill('SIGKILL')
    await first.exited
    startAgent()
    await until(async () => (await linesOf(runIds[0] ?? '')).length > 40)
    writeFileSync(join(folder, 'gate'), '')
    await expectWhole(runIds)
  })

  it('a run that ends while its agent is dead is reported by the next one', async () => {
    await site.addDeployment(tenant.workspaceId, command(`${countUntilGate()}; touch ${join(folder, 'over')}`))
    const runIds = await site.addRuns(tenant, 1)
    const first = startAgent()
    await until(async () => (await linesOf(runIds[0] ?? '')).length > 3)
    first.child.kill('SIGKILL')
    await first.exited
    writeFileSync(join(folder, 'gate'), '')
    await until(() => readFileSync(join(folder, 'over'), 'utf8') === '')
    startAgent()
    await expectWhole(runIds)
  })

  it('the gateway stops and another takes its place: the agent comes back, nothing is lost or doubled', async () => {
    const gateway = await site.addGateway({ drainSeconds: 0.2 })
    await site.addDeployment(tenant.workspaceId, command(countUntilGate()))
    const runIds = await site.addRuns(tenant, 2)
    const agent = startAgent(gateway.url)
    for (const runId of runIds) await until(async () => (await linesOf(runId)).length > 3)
    await gateway.stop()
    const port = await agent.healthPort()
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(503)
    writeFileSync(join(folder, 'gate'), '')
    await site.addGateway({ port: gateway.port })
    await expectWhole(runIds)
    await until(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).status === 200)
  })

  it('a cancel kills the process and ends the run', async () => {
    await site.addDeployment(tenant.workspaceId, {
      ...command('trap "" TERM; echo up; while :; do sleep 0.05; done'),
      variables: { graceSeconds: 0 },
    })
    const [runId = ''] = await site.addRuns(tenant, 1)
    startAgent()
    await until(async () => (await linesOf(runId)).length === 1)
    await cancelRun(site.engine, { workspaceId: tenant.workspaceId, runId, actor: 'Ada' })
    await reaches(runId, 'Cancelled')
  })

  it('SIGTERM: no new runs, the running one ends, exit code 0; a second signal kills it', async () => {
    await site.addDeployment(tenant.workspaceId, command(countUntilGate()))
    const [runId = ''] = await site.addRuns(tenant, 1)
    const agent = startAgent()
    await until(async () => (await linesOf(runId)).length > 3)
    agent.child.kill('SIGTERM')
    await until(() => agent.output().includes('Draining'))
    const [later = ''] = await site.addRuns(tenant, 1)
    writeFileSync(join(folder, 'gate'), '')
    expect(await agent.exited).toBe(0)
    expect(await stateOf(runId)).toBe('Completed')
    expect((await site.run(later)).state_type).toBe('SCHEDULED')

    rmSync(join(folder, 'gate'))
    const second = startAgent()
    await until(async () => (await linesOf(later)).length > 3)
    second.child.kill('SIGTERM')
    await until(() => second.output().includes('Draining'))
    await until(
      () => {
        second.child.kill('SIGTERM')
        return second.output().includes('Told to stop twice')
      },
      // Sooner than 0.3 s after the first it is the same wish; a third, sent while a busy machine still reads the second, ends the agent at once.
      { intervalMs: 2000 },
    )
    expect(await second.exited).toBe(130)
    expect(await site.run(later)).toMatchObject({
      state_name: 'AwaitingRetry',
      state_message: expect.stringMatching(
        /^Its agent was told to end at once and stopped it\. .* Restarted as attempt 2 in .* \(1 of 2 restarts left\)\.$/,
      ),
    })
  })

  it('a revoked key and a wrong one end the agent with a sentence and code 3', async () => {
    const agent = startAgent()
    await until(() => agent.output().includes('Connected as box'))
    await revokeKey(site.engine, { workspaceId: tenant.workspaceId, id: tenant.keyId, onlyOfUser: null })
    expect(await agent.exited).toBe(3)
    expect(agent.output()).toContain('towline-agent: The agent key was revoked.')
    const wrong = startAgent(site.gateway.url, 'tla_wrong')
    expect(await wrong.exited).toBe(3)
    expect(wrong.output()).toContain('towline-agent: The agent key is unknown.')
    expect(wrong.output()).not.toContain('tla_wrong')
  })

  it('a pool of a type that it cannot launch ends it with a sentence and code 4, wrong options with 2', async () => {
    const other = await site.addTenant('kubernetes')
    const agent = startAgent(site.gateway.url, other.key)
    expect(await agent.exited).toBe(4)
    expect(agent.output()).toContain('towline-agent: This version of the agent cannot launch runs of kubernetes pools.')
    const wrong = startAgent('not a url')
    expect(await wrong.exited).toBe(2)
  })
})
