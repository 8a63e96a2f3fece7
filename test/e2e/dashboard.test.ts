import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { type Api, connectApi } from '../support/api.ts'
import { newPage, openBrowser, picture } from '../support/browser.ts'
import { type LocalStack, startLocalStack } from '../support/local-stack.ts'
import * as machine from '../support/machine.ts'
import { pageFlaws } from '../support/page-flaws.ts'

const chromium = machine.chromium()
if (!chromium.run) console.warn(`SKIPPED: every page of the dashboard by keyboard, on a phone and without its server. ${chromium.how}`)

let stack: LocalStack
let browser: Browser
let api: Api
let page: Page
let runId: string
const at = (path: string): string => `${stack.url}/w/demo${path}`

beforeAll(async () => {
  if (!chromium.run) return
  stack = await startLocalStack()
  browser = await openBrowser()
  await stack.says(/Towline +http/)
  api = connectApi({ url: stack.url, key: stack.demo().userKey })
  await api.limits.set.mutate({ limit: { kind: 'tag', tag: 'warehouse' }, slots: 3 })
  const run = await api.runs.create.mutate({ deployment: 'sales-etl' })
  runId = run.id
  page = await newPage(browser)
  await page.goto(`${stack.url}/sign-in`)
  await page.getByLabel('Email').fill(stack.demo().email)
  await page.getByLabel('Password').fill(stack.demo().password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
})

afterAll(async () => {
  await browser?.close()
  await stack?.dispose()
})

const focused = (): Promise<string> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')

describe.runIf(chromium.run)('the dashboard', () => {
  test('names everything that can be used on each page and dialog, and fits a phone', async () => {
    const limit = (await api.limits.list.query({})).find(({ name }) => name === 'warehouse')
    const paths = [
      ['', '/start', '/nothing-here', '/runs', '/runs?q=nothing-has-this-name', `/runs/${runId}`],
      ['/deployments', '/deployments/sales-etl', '/deployments/sales-etl?run=1', '/deployments/sales-etl?tab=configuration'],
      ['/pools', '/pools?create=1', '/pools/local', '/pools/local?add=1', '/pools/local?tab=queues', '/pools/local?tab=template'],
      ['/concurrency', '/concurrency?create=1', `/concurrency/${limit?.id}`, `/concurrency/${limit?.id}?edit=1`],
      ['/pools/nope', '/pools/local?tab=nope', '/deployments/nope', '/runs/nope', '/concurrency/nope'],
      ['/settings', '/settings?tab=keys', '/settings?tab=keys&create=1', '/settings?tab=profile'],
    ].flat()
    const flaws: string[] = []
    for (const path of paths) flaws.push(...(await pageFlaws(page, at(path))))
    const stranger = await newPage(browser)
    for (const path of ['/sign-in', '/sign-up', '/nothing-here']) flaws.push(...(await pageFlaws(stranger, `${stack.url}${path}`)))
    await stranger.context().close()
    expect(flaws).toEqual([])
  })

  test('gives the keyboard back to where it was when a dialog closes', async () => {
    onTestFailed(() => picture(page, 'focus-return'))
    await page.goto(at('/pools/local?tab=queues'))
    await page.getByRole('button', { name: 'New queue' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'New queue' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(focused).toBe('New queue')

    await page.getByRole('button', { name: 'More about default' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Change the priority…' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Priority of default' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(focused).toBe('More about default')
  })

  test('is driven from the palette: a pool is paused, and resumed by the message about it', async () => {
    onTestFailed(() => picture(page, 'palette'))
    await page.goto(at('/runs'))
    await page.getByRole('table', { name: 'Runs' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('pause pool local')
    await page.getByRole('option', { name: /^Pause local/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('local is paused').waitFor()
    expect((await api.pools.get.query({ name: 'local' })).paused).toBe(true)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('local is resumed').waitFor()
    expect((await api.pools.get.query({ name: 'local' })).paused).toBe(false)
  })

  test('offers what can be done with the run of the page in the palette, and asks before it does', async () => {
    onTestFailed(() => picture(page, 'palette-run'))
    const run = await api.runs.create.mutate({ deployment: 'hello', name: 'by-keyboard', at: new Date(Date.now() + 3_600_000) })
    await page.goto(at(`/runs/${run.id}`))
    await page.getByRole('heading', { name: 'by-keyboard' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('cancel by-key')
    await page.getByRole('option', { name: 'Cancel by-keyboard…' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Cancel by-keyboard?' }).getByRole('button', { name: 'Cancel the run' }).click()
    await expect.poll(async () => (await api.runs.get.query({ id: run.id })).state.name).toBe('Cancelled')
  })

  test('selects runs by keys and cancels them together', async () => {
    onTestFailed(() => picture(page, 'bulk'))
    const dueAt = new Date(Date.now() + 3_600_000)
    for (const name of ['later-one', 'later-two']) await api.runs.create.mutate({ deployment: 'hello', name, at: dueAt })
    await page.goto(at('/runs?q=later-'))
    await page.getByRole('link', { name: 'later-one' }).waitFor()
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key)
    await page.getByRole('button', { name: 'Cancel 2' }).click()
    await page.getByRole('button', { name: 'Cancel 2 runs' }).click()
    await page.getByText('Cancel sent to 2 runs').waitFor()
    await expect
      .poll(async () => (await api.runs.list.query({ filter: { search: 'later-' } })).items.map((run) => run.state.name))
      .toEqual(['Cancelled', 'Cancelled'])
  })

  test('does once what a double click asks for: one key, and the one that is shown', async () => {
    onTestFailed(() => picture(page, 'double-click'))
    await page.goto(at('/settings?tab=keys&create=1'))
    const dialog = page.getByRole('dialog', { name: 'New key' })
    await dialog.getByLabel('Name').fill('clicked-twice')
    await dialog.getByRole('button', { name: 'Create the key' }).dblclick()
    await dialog.getByText('Copy it now').waitFor()
    expect((await api.keys.list.query()).filter((key) => key.name === 'clicked-twice')).toHaveLength(1)
  })

  test('draws what came after what in a run', async () => {
    onTestFailed(() => picture(page, 'graph'))
    await page.goto(at(`/runs/${runId}`))
    await page.getByText('Completed').first().waitFor()
    await page.getByRole('button', { name: 'Graph' }).click()
    const graph = page.getByRole('region', { name: 'Graph of the tasks' })
    const names = new Set((await api.runs.tasks.query({ id: runId })).map((task) => task.name))
    await expect.poll(() => graph.getByRole('button').count()).toBe(names.size)
    expect(await graph.locator('path').count()).toBeGreaterThan(0)
  })

  test('says that it is cut off while its server hangs with every connection open', async () => {
    onTestFailed(() => picture(page, 'hanging'))
    await page.goto(at('/runs'))
    const mark = page.getByRole('status').filter({ hasText: /Live|Reconnecting|Stale/ })
    await mark.filter({ hasText: 'Live' }).waitFor()
    const pid = stack.pidOf('web')
    process.kill(pid, 'SIGSTOP')
    try {
      await mark.filter({ hasText: /Reconnecting|Stale since/ }).waitFor()
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await mark.filter({ hasText: 'Live' }).waitFor()
  })

  test('says that it is cut off while its server is gone, and reads everything again when it is back', async () => {
    onTestFailed(() => picture(page, 'cut-off'))
    await page.goto(at('/runs'))
    const mark = page.getByRole('status').filter({ hasText: /Live|Reconnecting|Stale/ })
    await mark.filter({ hasText: 'Live' }).waitFor()
    process.kill(stack.pidOf('web'), 'SIGKILL')
    await mark.filter({ hasText: /Reconnecting|Stale since/ }).waitFor()
    await mark.filter({ hasText: 'Live' }).waitFor({ timeout: 90_000 })
    const run = await api.runs.create.mutate({ deployment: 'hello', name: 'after-the-cut' })
    await page.getByRole('link', { name: run.name }).waitFor()
  })
})
