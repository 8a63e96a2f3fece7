import { appendFileSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { newPage, openBrowser, picture } from '../support/browser.ts'
import { buildTestImage, TEST_IMAGE } from '../support/build-test-image.ts'
import { type LocalStack, startLocalStack } from '../support/local-stack.ts'
import * as machine from '../support/machine.ts'
import { type Shell, shell } from '../support/shell.ts'

const chromium = machine.chromium()
const docker = machine.docker()
if (!chromium.run) console.warn(`SKIPPED: the journeys in the browser. ${chromium.how}`)
if (!docker.run) console.warn(`SKIPPED: the journey on a docker pool. ${docker.how}`)

let stack: LocalStack
let browser: Browser
const agents: Shell[] = []

beforeAll(async () => {
  if (!chromium.run) return
  stack = await startLocalStack()
  browser = await openBrowser()
  await stack.says(/Towline +http/)
})

afterAll(async () => {
  for (const agent of agents) await agent.stop()
  await browser?.close()
  await stack?.stop()
})

const copied = (page: Page, label: string): Promise<string> =>
  page.getByRole('region', { name: label, exact: true }).first().locator('pre').innerText()

const commandsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/^\$ /, '').trim())
    .filter(Boolean)

const signUp = async (page: Page, who: string): Promise<void> => {
  await page.goto(`${stack.url}/sign-up`)
  await page.getByLabel('Name').fill(`${who} Lovelace`)
  await page.getByLabel('Email').fill(`${who.toLowerCase()}@example.com`)
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Create a workspace' }).waitFor()
  await page.getByLabel('Name').fill(`${who} Works`)
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await page.getByRole('heading', { name: 'Getting started' }).waitFor()
}

const createPool = async (page: Page, type: 'Process' | 'Docker'): Promise<void> => {
  await page.getByLabel('Name').fill('mine')
  await page.getByRole('radio', { name: new RegExp(type) }).click()
  await page.getByRole('button', { name: 'Create the pool' }).click()
}

/** The line from the page, in another folder, by a real shell. */
const installAgent = async (page: Page): Promise<Shell> => {
  await page.getByRole('button', { name: 'Put a new key into the command' }).click()
  await page.getByText('The commands above hold the new key').waitFor()
  const [line = ''] = commandsOf(await copied(page, 'command'))
  expect(line).toMatch(/^curl -fsSL http:\/\/localhost:\d+\/install\.sh \| sh -s -- --key tla_\S+$/)
  const agent = shell(line, { home: mkdtempSync(join(tmpdir(), 'towline-agent-home-')) })
  agents.push(agent)
  await page.getByRole('heading', { name: 'Connect an agent (done)' }).waitFor()
  return agent
}

/** `towline login` in a terminal, approved on its page. */
const signInTerminal = async (page: Page, line: string, home: string): Promise<void> => {
  const login = shell(line, { home })
  const [, verification = ''] = await login.says(/Open (http\S+)/)
  const [, code = ''] = await login.says(/approve the code (\S+)/)
  const approval = await page.context().newPage()
  await approval.goto(verification)
  await approval.getByText(code, { exact: true }).waitFor()
  await approval.getByRole('button', { name: 'Approve' }).click()
  await approval.getByText('You are signed in').waitFor()
  await approval.close()
  expect(await login.exited).toBe(0)
  expect(login.output()).toContain('Signed in to')
}

const journey = async (who: string, type: 'Process' | 'Docker'): Promise<void> => {
  const page = await newPage(browser)
  onTestFailed(() => picture(page, `journey-${type.toLowerCase()}`))
  await signUp(page, who)
  await createPool(page, type)
  await installAgent(page)

  const home = mkdtempSync(join(tmpdir(), 'towline-user-home-'))
  const project = join(home, 'flows')
  mkdirSync(project)
  const [install = '', login = '', init = '', deploy = ''] = commandsOf(await copied(page, 'commands'))
  const prefix = join(home, 'programs')
  const path = `PATH="${prefix}/bin:$PATH"`
  const ran = async (line: string): Promise<string> => {
    const done = shell(`cd "${project}" && ${path} ${line}`, { home })
    const code = await done.exited
    expect(`${line}: ${code}\n${code === 0 ? '' : done.output()}`).toBe(`${line}: 0\n`)
    return done.output()
  }
  await ran(install.replace('npm install -g', `npm install --no-fund --no-audit -g --prefix "${prefix}"`))
  await signInTerminal(page, `${path} ${login}`, home)
  await ran(init)
  if (type === 'Docker')
    appendFileSync(join(project, 'towline.yaml'), `    variables: { image: "${TEST_IMAGE}", imagePullPolicy: if-not-present }\n`)
  await ran(deploy)
  await page.getByRole('heading', { name: 'Register a deployment (done)' }).waitFor()

  const [, watch = ''] = /^(towline run .+ --watch)$/m.exec((await copied(page, 'command')).replace(/^\$ /gm, '')) ?? []
  const output = await ran(watch)
  expect(output).toMatch(/Running/)
  expect(output).toMatch(/Hello, Ada/)
  expect(output).toMatch(/Completed +\S+ +[\d.]+ (ms|s)/)

  await page.getByText('That is the whole way').waitFor()
  await page.getByRole('link', { name: 'See the run' }).click()
  await page.getByText('Completed').first().waitFor()
  await page.getByText('Hello, Ada').first().waitFor()
  await page.getByText('Hello, Grace').first().waitFor()
  await page.context().close()
}

describe.runIf(chromium.run)('from signing up to a completed run, by what the pages say', () => {
  test('on a process pool', () => journey('Ada', 'Process'))

  test.runIf(docker.run)('on a docker pool', async () => {
    await buildTestImage()
    await journey('Grace', 'Docker')
  })

  test('an agent that is gone shows as offline without a reload', async () => {
    const page = await newPage(browser)
    onTestFailed(() => picture(page, 'agent-offline'))
    await signUp(page, 'Mary')
    await createPool(page, 'Process')
    const agent = await installAgent(page)
    await page.goto(new URL('pools/mine', page.url().replace(/start$/, '')).toString())
    await page.getByText('Online', { exact: true }).first().waitFor()
    await agent.stop()
    await page.getByText('Offline', { exact: true }).first().waitFor()
    await page.context().close()
  })
})
