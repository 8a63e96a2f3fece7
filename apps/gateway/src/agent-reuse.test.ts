import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRun } from '@towline/engine/run-views/get-run'
import { listTaskRuns } from '@towline/engine/run-views/list-task-runs'
import { cancelRun } from '@towline/engine/runs/cancel-run'
import { retryRun } from '@towline/engine/runs/retry-run'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestSite, type Tenant, type TestSite } from './testing/test-site.ts'

// Flow code with the SDK, launched by the agent as users start it, against a real gateway and a real database.
const root = fileURLToPath(new URL('../../..', import.meta.url))

let site: TestSite
let tenant: Tenant
let folder: string
let agent: ChildProcess

beforeAll(async () => {
  site = await openTestSite()
  tenant = await site.addTenant()
  folder = mkdtempSync(join(tmpdir(), 'towline-reuse-'))
  const args = ['--url', site.gateway.url, '--data-dir', join(folder, 'agent'), '--name', 'box', '--capacity', '5', '--health-port', '0']
  agent = spawn(process.execPath, ['.config/run-ts.mjs', 'apps/agent/src/main.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: folder, TOWLINE_AGENT_KEY: tenant.key },
    stdio: 'ignore',
  })
})
afterAll(async () => {
  const exited = new Promise((resolve) => agent.once('close', resolve))
  agent.kill('SIGTERM')
  await exited
  await site.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

let flows = 0
/** A run of a flow whose tasks write their names into a ledger; `third` is what its third task does in the first attempt. */
const startFlow = async (third: string) => {
  const name = `flow-${++flows}`
  const at = (file: string): string => join(folder, `${name}.${file}`)
  const file = at('ts')
  writeFileSync(at('day'), 'monday')
  writeFileSync(at('ledger'), '')
  writeFileSync(
    file,
    `import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
     import { flow, main, sleep, task } from ${JSON.stringify(`${root}packages/sdk/src/index.ts`)}
     const noted = (text: string) => appendFileSync(${JSON.stringify(at('ledger'))}, text + '\\n')
     const one = task({ name: 'one', run: async () => { noted('one'); return { rows: [1, 2, 3] } } })
     const two = task({ name: 'two', run: async (day: string, { rows }: { rows: number[] }) => { noted('two ' + day); return rows.length } })
     const three = task({ name: 'three', run: async (attempt: number, count: number) => { noted('three'); writeFileSync(${JSON.stringify(at('pid'))}, String(process.pid)); if (attempt === 1) { ${third} } return count * 2 } })
     const work = flow({ name: '${name}', run: async (_, { attempt }) => {
       const rows = await one()
       return three(attempt, await two(readFileSync(${JSON.stringify(at('day'))}, 'utf8'), rows))
     } })
     await main({ url: ${JSON.stringify(`file://${file}`)} } as ImportMeta, work)`,
  )
  await site.addDeployment(tenant.workspaceId, {
    name,
    flow: name,
    code: { kind: 'command', command: [process.execPath, `${root}.config/run-ts.mjs`, file] },
    retries: { failures: 0, crashes: 0, delaySeconds: 0, factor: 1, jitter: 0 },
  })
  const [runId = ''] = await site.addRuns({ ...tenant, deployment: name }, 1)
  const run = { workspaceId: tenant.workspaceId, runId }
  return {
    run,
    ledger: (): string[] => readFileSync(at('ledger'), 'utf8').trim().split('\n'),
    reaches: (state: string) =>
      until(async () => (await site.run(runId)).state_name === state, { what: `${state} of ${name}`, timeoutMs: 20_000 }),
    retry: () => retryRun(site.engine, { ...run, actor: 'Ada', mode: 'from-failed' }),
    /** By key: tasks that start within a millisecond have no order. */
    tasks: async (attempt: number) =>
      (await listTaskRuns(site.engine, { ...run, attempt })).map((task) => `${task.key} ${task.state} ${task.reusedFrom ?? 'ran'}`).sort(),
    lines: async (): Promise<string[]> => {
      const { rows } = await site.database.db.enginePool.query<{ text: string }>(
        'select text from log_line where run_id = $1 and attempt = 2 order by stream, seq',
        [runId],
      )
      return rows.map((row) => row.text)
    },
    pid: (): number => Number(readFileSync(at('pid'), 'utf8')),
    setDay: (day: string) => writeFileSync(at('day'), day),
  }
}

describe('a flow that is retried from failed', () => {
  it.each([
    ['threw', `throw new Error('no space left')`, 'Failed'],
    ['was killed', `await sleep(60)`, 'Crashed'],
    ['was cancelled', `await sleep(60)`, 'Cancelled'],
  ])('after its third task %s does not run the first two again', async (_, third, state) => {
    const flow = await startFlow(third)
    if (state !== 'Failed') {
      // What a process has not sent when it is killed is not known to have ended.
      await until(async () => (await flow.tasks(1)).includes('three RUNNING ran'), { what: 'the third task', timeoutMs: 20_000 })
      if (state === 'Cancelled') await cancelRun(site.engine, { ...flow.run, actor: 'Ada' })
      else process.kill(flow.pid(), 'SIGKILL')
    }
    await flow.reaches(state)
    expect((await getRun(site.engine, { workspaceId: tenant.workspaceId, ref: flow.run.runId })).reusable).toEqual({ tasks: 2, others: [] })
    await flow.retry()
    await flow.reaches('Completed')
    expect(flow.ledger()).toEqual(['one', 'two monday', 'three', 'three'])
    expect(await flow.tasks(2)).toEqual(['one COMPLETED 1', 'three COMPLETED ran', 'two COMPLETED 1'])
    const { result, attempt } = await getRun(site.engine, { workspaceId: tenant.workspaceId, ref: flow.run.runId })
    expect([result, attempt]).toEqual([6, 2])
  })

  it('runs a task again whose inputs have changed, and says so', async () => {
    const flow = await startFlow(`throw new Error('no space left')`)
    await flow.reaches('Failed')
    flow.setDay('tuesday')
    await flow.retry()
    await flow.reaches('Completed')
    expect(flow.ledger()).toEqual(['one', 'two monday', 'three', 'two tuesday', 'three'])
    expect(await flow.tasks(2)).toEqual(['one COMPLETED 1', 'three COMPLETED ran', 'two COMPLETED ran'])
    expect(await flow.lines()).toEqual([
      'retried from failed: 2 results of earlier attempts are at hand',
      'runs again: its inputs are others than in attempt 1',
    ])
  })
})
