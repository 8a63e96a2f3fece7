import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { FakeControlPlane } from './testing/fake-control-plane.ts'
import { buildCli, type Cli, type Ended } from './testing/run-cli.ts'

/** Stands for the agent: says how it was started. */
const AGENT =
  "import { readFileSync } from 'node:fs'\nconst a = process.argv.slice(2)\nconsole.log(JSON.stringify({ args: a, key: readFileSync(a[a.indexOf('--key-file') + 1], 'utf8').trim(), env: process.env.TOWLINE_API_KEY ?? null }))"

let cli: Cli
let plane: FakeControlPlane
let secrets: string[]

beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())
beforeEach(async () => {
  plane = await new FakeControlPlane().start()
  secrets = []
  plane.procedures['pools.get'] = ({ name }: { name: string }) => ({ name })
  plane.procedures['keys.create'] = ({ pool }: { pool: string }) => {
    const secret = `tla_${secrets.length}abcdef`
    secrets.push(secret)
    return { secret, poolName: pool }
  }
  plane.procedures['keys.list'] = () =>
    secrets.map((secret) => ({ poolName: 'gpu', prefix: secret.slice(0, 7), revokedAt: null, expiresAt: null }))
  plane.files['/install.sh'] = "#!/bin/sh\nGATEWAY_URL='http://gateway.example:7601'\n"
  plane.files['/dist/agent.mjs'] = AGENT
  plane.files['/dist/agent.mjs.sha256'] = `${createHash('sha256').update(AGENT).digest('hex')}  agent.mjs\n`
})
afterEach(() => plane.close())

const start = (...args: string[]): Promise<Ended> =>
  cli.run(['agent', 'start', ...args], { env: { TOWLINE_API_URL: plane.url, TOWLINE_API_KEY: 'tlk_test' } })

test('with a pool it makes a key once, keeps it to its user, and starts the agent that the control plane brings', async () => {
  const first = await start('--pool', 'gpu', '--capacity', '3')
  expect(first.code).toBe(0)
  const { args, key, env } = JSON.parse(first.stdout) as { args: string[]; key: string; env: string | null }
  expect({ key, env }).toEqual({ key: 'tla_0abcdef', env: null })
  expect(args.slice(0, 3)).toEqual(['--url', 'http://gateway.example:7601', '--key-file'])
  expect(args.slice(-2)).toEqual(['--capacity', '3'])
  expect(args).toContain('--data-dir')
  expect(statSync(args[3] ?? '').mode & 0o777).toBe(0o600)
  const second = await start('--pool', 'gpu')
  expect(JSON.parse(second.stdout)).toMatchObject({ key: 'tla_0abcdef' })
  expect(second.stderr).toBe('')
})

test('a kept key that was revoked is replaced', async () => {
  await start('--pool', 'gpu')
  plane.procedures['keys.list'] = () => []
  expect(JSON.parse((await start('--pool', 'gpu')).stdout)).toMatchObject({ key: 'tla_1abcdef' })
})

test('an agent that does not match its checksum is not started and not kept', async () => {
  plane.files['/dist/agent.mjs.sha256'] = `${'0'.repeat(64)}  agent.mjs\n`
  const { code, stderr } = await start('--pool', 'gpu')
  expect(code).toBe(1)
  expect(stderr).toContain('does not match its checksum')
  expect(readdirSync(join(cli.home, '.cache/towline')).filter((name) => name.startsWith('agent-000'))).toEqual([])
})

test('the key of the agent never stands in its arguments', async () => {
  const { stdout } = await start('--pool', 'gpu')
  const { args } = JSON.parse(stdout) as { args: string[] }
  expect(args.join(' ')).not.toContain('tla_')
  expect(readFileSync(args[args.indexOf('--key-file') + 1] ?? '', 'utf8')).toMatch(/^tla_/)
})

test('without pool and key it says what it needs', async () => {
  expect(await start()).toMatchObject({ code: 2, stderr: expect.stringContaining('towline agent start --pool <pool>') })
})
