import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@towline/service/until'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { type Api, connectApi } from '../support/api.ts'
import { newPage, openBrowser, picture } from '../support/browser.ts'
import { type LocalStack, root, startLocalStack } from '../support/local-stack.ts'
import * as machine from '../support/machine.ts'
import { createTenant, type Tenant } from '../support/second-tenant.ts'
import { shell } from '../support/shell.ts'
import { type Terminal, towline, withKey } from '../support/towline.ts'

const chromium = machine.chromium()
const docker = machine.docker()
if (!chromium.run) console.warn(`SKIPPED: what the dashboard says to bad input. ${chromium.how}`)
if (!docker.run) console.warn(`SKIPPED: what a run says about a missing image. ${docker.how}`)

let stack: LocalStack
let api: Api
let other: Tenant

const inTerminal = (args: string[], key = stack.demo().userKey): Promise<Terminal> => towline(args, { env: withKey(stack.url, key) })
const agentLine = (key: string, home: string): string =>
  `node "${join(root, 'apps/agent/dist/agent.mjs')}" --url ${stack.url.replace(String(stack.port), String(stack.port + 1))} --key ${key} --data-dir "${home}/data"`

beforeAll(async () => {
  stack = await startLocalStack()
  await stack.says(/Towline +http/)
  api = connectApi({ url: stack.url, key: stack.demo().userKey })
  other = await createTenant(stack.url, 'other')
})

afterAll(async () => {
  await stack?.dispose()
})

describe('in the terminal', () => {
  test.each([
    ['an unknown parameter', ['run', 'hello', '-p', 'nmaes=Ada'], /nmaes/],
    ['a wrong type', ['run', 'sales-etl', '-p', 'days=soon'], /days.*soon|soon.*days/],
    ['an unknown deployment', ['run', 'helo'], /helo.*\n.*hello/],
    ['an unknown run', ['runs', 'inspect', 'no-such-run'], /no-such-run/],
    ['an unknown pool', ['pools', 'inspect', 'nowhere'], /nowhere/],
    ['an unknown option', ['run', 'hello', '--wtach'], /--wtach.*\n?.*--watch/],
  ])('%s is told with the word that is wrong, and nothing is created', async (_, args, message) => {
    const before = (await api.runs.list.query({ filter: {} })).items.length
    const { code, stdout, stderr } = await inTerminal(args)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/ at .+:\d+:\d+/)
    expect(stdout).toBe('')
    expect((await api.runs.list.query({ filter: {} })).items.length).toBe(before)
  })

  test('parameters that are too large are refused with both sizes', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'towline-large-')), 'parameters.json')
    writeFileSync(file, JSON.stringify({ names: ['x'.repeat(200_000)] }))
    const { code, stderr } = await inTerminal(['run', 'hello', '--params-file', file])
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/too large|at most|KiB|limit/i)
  })

  test('a revoked key says so and how to get another', async () => {
    const created = await api.keys.create.mutate({ kind: 'user', name: 'short-lived' })
    await api.keys.revoke.mutate({ id: created.id })
    const { code, stderr } = await inTerminal(['whoami'], created.secret)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/revoked/)
    expect(stderr).toMatch(/towline login/)
  })

  test("another tenant's run, deployment and pool do not exist", async () => {
    const [run] = (await api.runs.list.query({ filter: {} })).items
    for (const args of [
      ['runs', 'inspect', run?.id ?? ''],
      ['runs', 'cancel', run?.id ?? ''],
      ['runs', 'logs', run?.id ?? ''],
      ['deployments', 'inspect', 'hello'],
      ['pools', 'inspect', 'local'],
    ]) {
      const { code, stdout, stderr } = await inTerminal(args, other.key)
      expect(`${args.join(' ')}: ${code}`).not.toMatch(/: 0$/)
      expect(stderr).toMatch(/no |not /i)
      expect(stdout).toBe('')
    }
  })
})

describe('at the agent', () => {
  test('a key that was never issued ends the agent with a line that says where to get one', async () => {
    const agent = shell(agentLine('tla_neverissued00000000000000000000', mkdtempSync(join(tmpdir(), 'towline-agent-'))), { home: tmpdir() })
    expect(await agent.exited).not.toBe(0)
    expect(agent.output()).toMatch(/key is unknown.*page of the pool/)
  })

  test('revoking its key ends a connected agent, which says so', async () => {
    const home = mkdtempSync(join(tmpdir(), 'towline-agent-'))
    const created = await api.keys.create.mutate({ kind: 'agent', name: 'short-lived', pool: 'local' })
    const agent = shell(agentLine(created.secret, home), { home })
    await agent.says(/Connected as/)
    await api.keys.revoke.mutate({ id: created.id })
    expect(await agent.exited).not.toBe(0)
    expect(agent.output()).toMatch(/revoked/)
  })
})

test.runIf(docker.run)('a missing image fails the run with its name, the reason and what the engine said', async () => {
  const home = mkdtempSync(join(tmpdir(), 'towline-agent-'))
  await api.pools.create.mutate({ name: 'containers', type: 'docker' })
  const key = await api.keys.create.mutate({ kind: 'agent', name: 'containers', pool: 'containers' })
  const agent = shell(agentLine(key.secret, home), { home })
  await agent.says(/Connected as/)
  await api.deployments.register.mutate({
    manifest: {
      name: 'no-image',
      flow: 'no-image',
      pool: 'containers',
      code: { kind: 'image', image: 'towline/no-such-image:1', command: ['true'] },
      variables: { imagePullPolicy: 'never' },
    },
  })
  const { code, stdout, stderr } = await inTerminal(['run', 'no-image', '--watch'])
  await agent.stop()
  expect(code).toBe(1)
  expect(stdout + stderr).toMatch(/no-such-image/)
  const [run] = (await api.runs.list.query({ filter: { deployment: 'no-image' } })).items
  const detail = await api.runs.get.query({ id: run?.id ?? '' })
  expect(detail.attempts.at(-1)?.failure).toMatchObject({
    reason: 'ImagePull',
    message: expect.stringContaining('no-such-image'),
    evidence: expect.any(String),
  })
  expect(detail.problem).toMatchObject({
    reason: 'launch',
    done: 'Not restarted: its 2 restarts are used up.',
    remedy: expect.stringContaining('imagePullPolicy'),
  })
})

describe.runIf(chromium.run)('on the dashboard', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  const signIn = async (email: string, password: string) => {
    const page = await newPage(browser)
    onTestFailed(() => picture(page, `bad-input-${Date.now()}`))
    await page.goto(`${stack.url}/sign-in`)
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    return page
  }

  test('a wrong password is told beside the form', async () => {
    const page = await signIn(stack.demo().email, 'not the password')
    await page.getByText(/email.*password.*(wrong|not|match)|wrong.*password/i).waitFor()
    expect(page.url()).toContain('/sign-in')
    await page.context().close()
  })

  test('an address that has an account already is told at sign-up', async () => {
    const page = await newPage(browser)
    await page.goto(`${stack.url}/sign-up`)
    await page.getByLabel('Name').fill('Again')
    await page.getByLabel('Email').fill(other.email)
    await page.getByLabel('Password').fill('correct horse battery')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('There is an account with this email address').waitFor()
    await page.context().close()
  })

  test('a parameter of the wrong type is told in the run form, and nothing is created', async () => {
    const { email, password, workspace } = stack.demo()
    const page = await signIn(email, password)
    await page.waitForURL(new RegExp(`/w/${workspace}`))
    await page.goto(`${stack.url}/w/${workspace}/deployments/hello?run=1`)
    await page.getByRole('tab', { name: 'JSON' }).click()
    await page.getByLabel('Parameters as JSON').fill('{ "names": 5 }')
    const before = (await api.runs.list.query({ filter: {} })).items.length
    await page
      .getByLabel('Parameters as JSON')
      .press('Control+Enter')
      .catch(() => undefined)
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^(Start|Run)/ })
      .last()
      .click()
    await page.getByText(/names/).last().waitFor()
    await page.getByText('The run was not created.').waitFor()
    expect((await api.runs.list.query({ filter: {} })).items.length).toBe(before)
    await page.context().close()
  })

  test("another tenant's run and workspace are not found", async () => {
    const [run] = (await api.runs.list.query({ filter: {} })).items
    const page = await signIn(other.email, other.password)
    await page.waitForURL(new RegExp(`/w/${other.slug}`))
    await page.goto(`${stack.url}/w/${other.slug}/runs/${run?.id}`)
    await page
      .getByText(/no run|not found|cannot be shown/i)
      .first()
      .waitFor()
    await page.goto(`${stack.url}/w/${stack.demo().workspace}/runs/${run?.id}`)
    await until(
      async () => /no workspace|not found|no access|cannot be shown|not a member/i.test((await page.locator('body').textContent()) ?? ''),
      { timeoutMs: 20_000 },
    )
    expect(await page.locator('body').textContent()).not.toContain(run?.name)
    await page.context().close()
  })
})
