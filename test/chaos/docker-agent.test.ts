import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isFinal } from '@towline/contract/states'
import { until } from '@towline/service/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, connectApi } from '../support/api.ts'
import { buildTestImage, TEST_IMAGE } from '../support/build-test-image.ts'
import { type LocalStack, root, startLocalStack } from '../support/local-stack.ts'
import * as machine from '../support/machine.ts'
import { type Shell, shell } from '../support/shell.ts'
import { logFaults, readAllLogs } from './read-ledger.ts'

const docker = machine.docker()
if (!docker.run) console.warn(`SKIPPED: chaos on a docker pool. ${docker.how}`)

const RUNS = 4
const LINES = 60
const SCRIPT = `let line = 0
const timer = setInterval(() => { console.log('line ' + ++line); if (line === ${LINES}) clearInterval(timer) }, 150)`

let stack: LocalStack
let api: Api
let agent: Shell

/** Names of the containers of a run, whatever their state. */
const containersOf = (id: string): string[] =>
  execFileSync('docker', ['ps', '--all', '--filter', `label=towline.run=${id}`, '--format', '{{.Names}}'], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)

const startAgent = (key: string, home: string): Shell =>
  shell(
    `exec node "${join(root, 'apps/agent/dist/agent.mjs')}" --url http://localhost:${stack.port + 1} --key ${key} --capacity 8 --data-dir "${home}/data"`,
    { home },
  )

describe.runIf(docker.run)('kill -9 of a docker agent in the middle of its runs', () => {
  let ids: string[] = []
  const seen = new Map<string, Set<string>>()

  beforeAll(async () => {
    await buildTestImage()
    stack = await startLocalStack()
    await stack.says(/first run completed/)
    api = connectApi({ url: stack.url, key: stack.demo().userKey })
    await api.pools.create.mutate({ name: 'containers', type: 'docker' })
    const { secret } = await api.keys.create.mutate({ kind: 'agent', name: 'chaos', pool: 'containers' })
    const home = mkdtempSync(join(tmpdir(), 'towline-agent-home-'))
    agent = startAgent(secret, home)
    await agent.says(/Connected as/)
    await api.deployments.register.mutate({
      manifest: {
        name: 'counter',
        flow: 'counter',
        pool: 'containers',
        code: { kind: 'image', image: TEST_IMAGE, command: ['node', '-e', SCRIPT] },
        variables: { imagePullPolicy: 'never' },
      },
    })
    ids = await Promise.all(Array.from({ length: RUNS }, async () => (await api.runs.create.mutate({ deployment: 'counter' })).id))
    const states = () => Promise.all(ids.map(async (id) => (await api.runs.get.query({ id })).state.type))
    await until(async () => (await states()).every((type) => type === 'RUNNING'), {
      timeoutMs: 60_000,
      intervalMs: 100,
      what: 'all running',
    })
    for (const id of ids) seen.set(id, new Set(containersOf(id)))

    await agent.kill()
    agent = startAgent(secret, home)
    await agent.says(/Connected as/)
    await until(
      async () => {
        for (const id of ids) for (const name of containersOf(id)) seen.get(id)?.add(name)
        return (await states()).every(isFinal)
      },
      { timeoutMs: 120_000, intervalMs: 250, what: 'final states' },
    )
  })

  afterAll(async () => {
    await agent?.stop()
    await stack?.dispose()
  })

  test('every run completed in the container that it began in: adopted, none started twice', async () => {
    for (const id of ids) {
      expect(await api.runs.get.query({ id })).toMatchObject({ state: { name: 'Completed' }, attempt: 1 })
      expect([...(seen.get(id) ?? [])]).toHaveLength(1)
    }
  })

  test('no log line was lost or doubled', async () => {
    for (const id of ids) expect(logFaults(await readAllLogs(api, id), 1, LINES)).toEqual([])
  })

  test('no container is left', async () => {
    await until(() => ids.every((id) => containersOf(id).length === 0), { timeoutMs: 30_000, what: 'no container' })
  })
})
