import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { FakeControlPlane, Refused } from './testing/fake-control-plane.ts'
import { buildCli, type Cli } from './testing/run-cli.ts'
import { deploymentView, runView, whoami } from './testing/views.ts'

let cli: Cli
let plane: FakeControlPlane
let env: Record<string, string>

beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())
beforeEach(async () => {
  plane = await new FakeControlPlane().start()
  env = { TOWLINE_API_URL: plane.url, TOWLINE_API_KEY: 'tlk_test' }
  plane.procedures['auth.whoami'] = () => whoami
})
afterEach(() => plane.close())

test('--version and --help answer with exit code 0 and ask nobody', async () => {
  expect(await cli.run(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
  const { code, stdout, stderr } = await cli.run(['--help'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const noun of ['deploy', 'run', 'runs', 'deployments', 'pools', 'agents', 'agent', 'keys', 'login', 'init', 'completion', 'open'])
    expect(stdout).toMatch(new RegExp(`^  ${noun}\\b`, 'm'))
})

test.each([
  [['runz'], "unknown command 'runz'", 'towline run'],
  [['runs', 'lss'], "unknown command 'lss'", 'towline runs ls'],
  [['run', 'etl', '--wach'], "unknown option '--wach'", 'towline run --watch'],
  [['run'], "missing required argument 'target'", 'towline run --help'],
  [
    ['runs', 'ls', '-o', 'xml'],
    "option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are table, json.",
    'towline runs ls --help',
  ],
  [['limits', 'set', 'tag', 'api', '2'], "too many arguments for 'set'. Expected 2 arguments but got 3.", 'towline limits set --help'],
])('%j is a usage error: exit code 2, two lines, nothing on stdout', async (args, what, remedy) => {
  expect(await cli.run(args)).toEqual({ code: 2, stdout: '', stderr: `error: ${what}\ntry:   ${remedy}\n` })
})

test('without a key the exit code is 3 and the remedy is to sign in', async () => {
  expect(await cli.run(['runs', 'ls'])).toEqual({ code: 3, stdout: '', stderr: 'error: you are not signed in\ntry:   towline login\n' })
})

test('a key that was revoked is exit code 3', async () => {
  plane.procedures['runs.list'] = () => {
    throw new Refused('key_revoked', 'This key was revoked. Create a new one in Settings.', 401)
  }
  const { code, stderr } = await cli.run(['runs', 'ls'], { env })
  expect(code).toBe(3)
  expect(stderr).toBe('error: this key was revoked. Create a new one in Settings\ntry:   towline login\n')
})

test('a control plane that nobody can reach is exit code 4', async () => {
  const { url } = plane
  await plane.close()
  const { code, stderr } = await cli.run(['runs', 'ls'], { env: { ...env, TOWLINE_API_URL: url } })
  expect(code).toBe(4)
  expect(stderr).toMatch(/^error: the control plane at http:.* cannot be reached \(ECONNREFUSED\)\ntry: {3}check that it runs/)
  plane = await new FakeControlPlane().start()
})

test('something else at that address is told apart from a control plane', async () => {
  const { code, stderr } = await cli.run(['runs', 'ls'], { env: { ...env, TOWLINE_API_URL: `${plane.url}/other` } })
  expect(code).toBe(4)
  expect(stderr).toMatch(/answered 404, but not as a Towline control plane does/)
})

test('a run that waits for its moment says how long, and a list without a match does not claim that nothing ever ran', async () => {
  const waiting = { gate: 'not-due', text: 'It is due at 2026-01-01T00:00:00.000Z.', remedy: null, limit: null }
  const dueAt = new Date(Date.now() + 7_200_000)
  const items = [
    { ...runView('AwaitingRetry'), waiting, dueAt },
    { ...runView('Scheduled'), waiting, dueAt },
  ]
  plane.procedures['runs.list'] = () => ({ items, next: null })
  const { stdout } = await cli.run(['runs', 'ls'], { env })
  expect(stdout).toMatch(/attempt \d+ starts in 2 h\n/)
  expect(stdout).toMatch(/due in 2 h\n/)
  plane.procedures['runs.list'] = () => ({ items: [], next: null })
  expect((await cli.run(['runs', 'ls', '--state', 'failed'], { env })).stderr).toBe('no run matches\n')
  expect((await cli.run(['runs', 'ls'], { env })).stderr).toBe('no runs yet; start one with: towline run <deployment>\n')
})

test('-o json is the whole answer and nothing but data on stdout', async () => {
  const page = { items: [runView('Running')], next: '01990000-0000-7000-8000-000000000001' }
  plane.procedures['runs.list'] = () => page
  const { code, stdout, stderr } = await cli.run(['runs', 'ls', '-o', 'json'], { env })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(page)))
  expect(stderr).toBe('more: towline runs ls --cursor 01990000-0000-7000-8000-000000000001\n')
})

test('the flag for JSON may stand before or after the command', async () => {
  plane.procedures['pools.list'] = () => []
  expect((await cli.run(['-o', 'json', 'pools', 'ls'], { env })).stdout).toBe('[]\n')
  expect((await cli.run(['pools', 'ls', '-o', 'json'], { env })).stdout).toBe('[]\n')
})

test('a list for people has columns, states with shapes, and the key in the header', async () => {
  plane.procedures['runs.list'] = () => ({ items: [runView('Failed'), runView('Running', { name: 'long-name-of-a-run' })], next: null })
  const { stdout } = await cli.run(['runs', 'ls'], { env })
  const [head, failed, running] = stdout.trimEnd().split('\n')
  expect(head).toMatch(/^RUN {7}NAME {16}DEPLOYMENT {2}STATE/)
  expect(failed).toMatch(/^00000009 {2}amber-otter {9}etl {9}✗ Failed/)
  expect(running).toMatch(/● Running/)
  expect(plane.calls.at(-1)?.key).toBe('Bearer tlk_test')
})

test('states are asked for by name, type or group in any case', async () => {
  plane.procedures['runs.list'] = () => ({ items: [], next: null })
  await cli.run(['runs', 'ls', '-s', 'FAILED,Running', '-s', 'waiting', '-d', 'etl', '-n', '5'], { env })
  expect(plane.inputsOf('runs.list')[0]).toMatchObject({
    filter: { states: ['Failed', 'TimedOut', 'Running', 'waiting'], deployment: 'etl' },
    limit: 5,
  })
  expect((await cli.run(['runs', 'ls', '-s', 'broken'], { env })).code).toBe(2)
})

test('login --key checks the key, keeps it where only its user reads it, and later commands use it', async () => {
  const { code, stdout } = await cli.run(['login', '--url', plane.url, '--key', 'tlk_secret'])
  expect(code).toBe(0)
  expect(stdout).toBe(`Signed in to Acme at ${plane.url} as ada@example.com\n`)
  expect(statSync(join(cli.home, 'config/towline/config.json')).mode & 0o777).toBe(0o600)
  expect((await cli.run(['whoami'])).stdout).toMatch(/workspace {2}Acme \(acme\), owner/)
  expect(plane.calls.at(-1)?.key).toBe('Bearer tlk_secret')
  expect((await cli.run(['logout'])).code).toBe(0)
  expect((await cli.run(['whoami'])).code).toBe(3)
})

test('login in the browser shows address and code on stderr, waits for the approval and keeps the key', async () => {
  let polls = 0
  plane.procedures['login.start'] = () => ({
    deviceCode: 'dev',
    userCode: 'ABCD-EFGH',
    verificationUrl: `${plane.url}/login/device?code=ABCD-EFGH`,
    intervalSeconds: 0.02,
    expiresAt: new Date(Date.now() + 60_000),
  })
  plane.procedures['login.poll'] = () =>
    ++polls < 3 ? { status: 'pending' } : { status: 'approved', key: 'tlk_new', workspace: whoami.workspace }
  const { code, stderr } = await cli.run(['login', '--url', plane.url, '--no-browser'])
  expect(code).toBe(0)
  expect(stderr).toContain('/login/device?code=ABCD-EFGH')
  expect(plane.inputsOf('login.poll')).toEqual([{ deviceCode: 'dev' }, { deviceCode: 'dev' }, { deviceCode: 'dev' }])
  expect(plane.calls.at(-1)?.key).toBe('Bearer tlk_new')
  await cli.run(['logout'])
})

test('a login that is denied is exit code 3', async () => {
  plane.procedures['login.start'] = () => ({
    deviceCode: 'd',
    userCode: 'A',
    verificationUrl: 'http://x/',
    intervalSeconds: 0.01,
    expiresAt: new Date(Date.now() + 60_000),
  })
  plane.procedures['login.poll'] = () => ({ status: 'denied' })
  expect((await cli.run(['login', '--url', plane.url])).code).toBe(3)
})

test('a slip in the name of a deployment is answered with the name that was meant', async () => {
  plane.procedures['deployments.get'] = () => {
    throw new Refused('not_found', 'There is no deployment sales-elt.', 404)
  }
  plane.procedures['deployments.list'] = () => [deploymentView('sales-etl'), deploymentView('report')]
  expect(await cli.run(['run', 'sales-elt'], { env })).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: there is no deployment "sales-elt"\ntry:   towline run sales-etl\n',
  })
})

test('run sends parameters as the schema of the deployment says, with file, tags, time and name', async () => {
  plane.procedures['deployments.get'] = () =>
    deploymentView('etl', { type: 'object', properties: { zip: { type: 'string' }, days: { type: 'integer' } } })
  plane.procedures['runs.create'] = () => runView('Scheduled')
  const before = Date.now()
  const args = [
    'run',
    'etl',
    '-p',
    'zip=01',
    '-p',
    'days=7',
    '--tag',
    'a',
    '--tag',
    'b',
    '--env',
    'STAGE=prod',
    '--at',
    'in 10m',
    '--name',
    'mine',
    '--idempotency-key',
    'k',
    '--priority',
    '5',
  ]
  const { code, stdout } = await cli.run(args, { env })
  expect(code).toBe(0)
  expect(stdout).toBe(
    `◷ Scheduled  amber-otter${stdout.includes('in ') ? stdout.slice(stdout.indexOf('amber-otter') + 11, stdout.indexOf('  http')) : ''}  ${plane.url}/w/acme/runs/${runView('Scheduled').id}\n`,
  )
  const [sent] = plane.inputsOf('runs.create') as { at: Date }[]
  expect(sent).toMatchObject({
    deployment: 'etl',
    parameters: { zip: '01', days: 7 },
    tags: ['a', 'b'],
    variables: { env: { STAGE: 'prod' } },
    name: 'mine',
    idempotencyKey: 'k',
    priority: 5,
  })
  expect(Math.abs((sent?.at.getTime() ?? 0) - before - 600_000)).toBeLessThan(30_000)
})

test('a refusal of the server is exit code 1 in its own words', async () => {
  plane.procedures['deployments.get'] = () => deploymentView('etl')
  plane.procedures['runs.create'] = () => {
    throw new Refused('invalid_parameters', 'unknown parameter "foo"; known: days', 400)
  }
  expect(await cli.run(['run', 'etl', '-p', 'foo=1'], { env })).toMatchObject({
    code: 1,
    stderr: 'error: unknown parameter "foo"; known: days\n',
  })
})

test('a retry from failed says what is reused, and where nothing is, which command is left', async () => {
  const reusable = { tasks: 12, others: [{ reason: 'its result contains a Date', tasks: 1 }] }
  plane.procedures['runs.retry'] = ({ mode }: { mode: string }) => ({ ...runView('Scheduled'), reusable: mode === 'all' ? null : reusable })
  const all = await cli.run(['runs', 'retry', 'amber-otter'], { env })
  expect(all).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^◷ Scheduled {2}amber-otter {2}http/),
    stderr: 'follow it: towline runs watch 00000009\n',
  })
  const { code, stdout, stderr } = await cli.run(['runs', 'retry', 'amber-otter', '--from-failed'], { env })
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr:
      'Takes over the results of 12 finished tasks. 1 finished task runs again: its result contains a Date.\nfollow it: towline runs watch 00000009\n',
  })
  expect(stdout).toContain('◷ Scheduled  amber-otter')
  expect(plane.inputsOf('runs.retry')).toEqual([
    { id: 'amber-otter', mode: 'all' },
    { id: 'amber-otter', mode: 'from-failed' },
  ])
  plane.procedures['runs.retry'] = () => {
    throw new Refused('conflict', 'amber-otter has no result to reuse. No task of it has finished. Retry all of it instead.', 409)
  }
  for (const [state, remedy] of [
    ['Failed', 'towline runs retry amber-otter'],
    ['Running', 'towline runs watch amber-otter'],
  ] as const) {
    plane.procedures['runs.get'] = () => runView(state)
    expect(await cli.run(['runs', 'retry', 'amber-otter', '--from-failed'], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: amber-otter has no result to reuse. No task of it has finished. Retry all of it instead.\ntry:   ${remedy}\n`,
    })
  }
})

test('destructive commands ask, and where nobody can answer they want --yes', async () => {
  plane.procedures['deployments.get'] = () => deploymentView('etl')
  plane.procedures['deployments.delete'] = () => ({ ok: true })
  const asked = await cli.run(['deployments', 'rm', 'etl'], { env })
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('Delete deployment etl with its 3 versions?') })
  expect(plane.inputsOf('deployments.delete')).toEqual([])
  expect((await cli.run(['deployments', 'rm', 'etl', '--yes'], { env })).code).toBe(0)
})

test('completion knows nouns, verbs, flags and names, and is silent when the control plane is away', async () => {
  plane.procedures['deployments.list'] = () => [deploymentView('sales-etl'), deploymentView('report')]
  expect((await cli.run(['__complete', 'ru'], { env })).stdout).toBe('run\nruns\n')
  expect((await cli.run(['__complete', 'pools', 'c'], { env })).stdout).toBe('create\n')
  expect((await cli.run(['__complete', 'run', 'sa'], { env })).stdout).toBe('sales-etl\n')
  expect((await cli.run(['__complete', 'run', '--wa'], { env })).stdout).toBe('--watch\n')
  plane.procedures['runs.list'] = () => ({
    items: [runView('Completed', { name: 'amber-otter' }), runView('Completed', { name: 'bold-crane' })],
    next: null,
  })
  expect((await cli.run(['__complete', 'runs', 'why', 'am'], { env })).stdout).toBe('amber-otter\n')
  expect((await cli.run(['__complete', 'completion', ''], { env })).stdout).toBe('bash\nzsh\nfish\n')
  expect((await cli.run(['__complete', 'runs', 'ls', '-o', ''], { env })).stdout).toBe('table\njson\n')
  expect((await cli.run(['__complete', 'runs', 'ls', '--state', 'Ti'], { env })).stdout).toBe('TimedOut\n')
  expect(await cli.run(['__complete', 'run', 'sa'])).toEqual({ code: 0, stdout: '', stderr: '' })
  for (const shell of ['bash', 'zsh', 'fish']) expect((await cli.run(['completion', shell])).stdout).toContain('__complete')
})
