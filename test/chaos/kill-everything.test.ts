import { mkdtempSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isFinal } from '@towline/contract/states'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, connectApi } from '../support/api.ts'
import { type LocalStack, root, startLocalStack } from '../support/local-stack.ts'
import { towline, withKey } from '../support/towline.ts'
import { logFaults, readAllLogs, readMarks } from './read-ledger.ts'

const RUNS = 10
const LINES = 150
const project = join(root, 'test/chaos/project')

let stack: LocalStack
let api: Api
let ledger = ''
let runIds: string[] = []

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** As root, PostgreSQL may keep its data elsewhere; the file `place` says where. */
const databaseDir = async (): Promise<string> => {
  const asked = join(stack.dataDir, 'database')
  return (await readFile(join(asked, 'place'), 'utf8').catch(() => asked)).trim()
}
const postgresPid = async (): Promise<number> =>
  Number((await readFile(join(await databaseDir(), 'postgres/postmaster.pid'), 'utf8')).split('\n')[0])

/** Kills it, and waits until the supervisor has brought another one up that says of itself that it is well. */
const killAndRevive = async (child: 'agent' | 'gateway' | 'scheduler' | 'web', health: string | null): Promise<void> => {
  const before = stack.pidOf(child)
  process.kill(before, 'SIGKILL')
  await until(() => stack.pidOf(child) !== before, { timeoutMs: 20_000, what: `a new ${child}` })
  if (health) await until(async () => (await fetch(health)).ok, { timeoutMs: 60_000, intervalMs: 50, what: `${child} healthy again` })
}

const startRun = async (index: number): Promise<string> => {
  const parameters = { file: ledger, lines: LINES, pauseMs: 100 }
  const common = { parameters, name: `ledger-${index}` }
  const created =
    index % 2 === 0
      ? await api.runs.create.mutate({ deployment: 'ledger', ...common })
      : await api.runs.create.mutate({
          deployment: 'ledger-command',
          variables: { env: { LEDGER_COMMAND: join(project, 'command.mjs') } },
          ...common,
        })
  return created.id
}

describe('kill -9 of agent, gateway, scheduler, web and PostgreSQL in the middle of ten runs', () => {
  beforeAll(async () => {
    stack = await startLocalStack({ env: { TOWLINE_AGENT_CAPACITY: '16' } })
    await stack.says(/first run completed/)
    api = connectApi({ url: stack.url, key: stack.demo().userKey })
    const { code, stderr } = await towline(['deploy'], { cwd: project, env: withKey(stack.url, stack.demo().userKey) })
    expect(stderr).not.toMatch(/error/i)
    expect(code).toBe(0)

    ledger = join(mkdtempSync(join(tmpdir(), 'towline-ledger-')), 'ledger.jsonl')
    runIds = await Promise.all(Array.from({ length: RUNS }, (_, index) => startRun(index)))
    const started = () =>
      new Set(
        readMarks(ledger)
          .filter(({ mark }) => mark === 'start')
          .map(({ run }) => run),
      ).size
    await until(() => started() === RUNS, { timeoutMs: 60_000, what: 'ten runs in the middle' })

    const agentHealth = `http://127.0.0.1:${stack.port + 2}/healthz`
    await killAndRevive('agent', agentHealth)
    await killAndRevive('gateway', `http://127.0.0.1:${stack.port + 1}/readyz`)
    await killAndRevive('scheduler', null)
    const postgres = await postgresPid()
    process.kill(postgres, 'SIGKILL')
    await until(async () => (await postgresPid()) !== postgres, { timeoutMs: 30_000, what: 'a new PostgreSQL' })
    await killAndRevive('web', `${stack.url}/healthz`)
    await until(async () => (await fetch(agentHealth)).ok, { timeoutMs: 60_000, intervalMs: 50, what: 'the agent connected again' })
    expect(readMarks(ledger).filter(({ mark }) => mark === 'end').length, 'the deaths came in the middle').toBeLessThan(RUNS)

    const states = () => Promise.all(runIds.map(async (id) => (await api.runs.get.query({ id })).state))
    await until(async () => (await states()).every(({ type }) => isFinal(type)), {
      timeoutMs: 180_000,
      intervalMs: 250,
      what: 'ten final states',
    })
  })

  afterAll(async () => {
    await stack?.dispose()
  })

  test('every run completed', async () => {
    for (const id of runIds) {
      const { state, name } = await api.runs.get.query({ id })
      expect(`${name}: ${state.name} ${state.message ?? ''}`).toMatch(/: Completed/)
    }
  })

  test('no run was executed twice at the same time, and each came to its end once', () => {
    const marks = readMarks(ledger)
    expect(marks.filter(({ mark }) => mark === 'overlap')).toEqual([])
    for (const id of runIds) expect(marks.filter(({ run, mark }) => run === id && mark === 'end')).toHaveLength(1)
  })

  test('no log line was lost or doubled', async () => {
    for (const id of runIds) {
      const { attempt } = await api.runs.get.query({ id })
      expect(logFaults(await readAllLogs(api, id), attempt, LINES)).toEqual([])
    }
  })

  test('nothing that ran is left, and Ctrl-C leaves no process of the control plane', async () => {
    for (const { pid } of readMarks(ledger)) expect(isAlive(pid)).toBe(false)
    const children = ['agent', 'gateway', 'scheduler', 'web'].map((name) => stack.pidOf(name))
    const postgres = await postgresPid()
    expect(await stack.stop()).toBe(0)
    for (const pid of [...children, postgres]) expect(isAlive(pid)).toBe(false)
  })
})
