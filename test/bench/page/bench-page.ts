import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { newPage, openBrowser } from '../../support/browser.ts'
import { buildApps, type ControlPlane, startControlPlane } from '../control-plane.ts'
import { root } from '../paths.ts'
import { printColumns } from '../print-table.ts'
import { median, round } from '../stats.ts'
import { measurePage, type PageFigures } from './measure-page.ts'
import { type Size, seedRun } from './seed-run.ts'
import { startPages } from './start-pages.ts'

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const SMALL: Size = { tasks: 10, lines: 100 }

const signIn = async (page: Page, url: string): Promise<void> => {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('Email').fill('bench@towline.local')
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
}

/** How a run page feels: a small run beside one with very many task runs and log lines, ended and still running, in the same browser. */
export const benchPage = async ({ quick }: { quick: boolean }): Promise<void> => {
  const large: Size = quick ? { tasks: 2000, lines: 20_000 } : { tasks: 10_000, lines: 100_000 }
  const rounds = quick ? 1 : 3
  say('building the gateway, the agent and the dashboard')
  buildApps()
  execFileSync(join(root, 'node_modules/.bin/turbo'), ['run', 'build', '--filter=@towline/web', '--output-logs=errors-only'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const plane = await startControlPlane()
  const pages = await startPages(plane)
  const browser = await openBrowser()
  try {
    await plane.addPool('page', ['true'])
    const cases = [
      { name: 'small run', size: SMALL, end: true },
      { name: 'large run, ended', size: large, end: true },
      { name: 'large run, still running', size: large, end: false },
    ]
    const results: { name: string; size: Size; figures: PageFigures[] }[] = []
    for (const { name, size, end } of cases) {
      say(`${name}: ${size.tasks.toLocaleString('en')} task runs, ${size.lines.toLocaleString('en')} log lines`)
      const figures = await measureRun({ plane, url: pages.url, size, end, rounds, browser })
      results.push({ name, size, figures })
    }
    print(results)
    mkdirSync(join(root, 'test/results'), { recursive: true })
    const file = join(root, 'test/results', `bench-page-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`)
    writeFileSync(file, JSON.stringify({ quick, results }, null, 2))
    say(`written to ${file}`)
  } finally {
    await browser.close()
    await pages.stop()
    await plane.stop()
  }
}

type Measured = {
  plane: ControlPlane
  url: string
  size: Size
  end: boolean
  rounds: number
  browser: Awaited<ReturnType<typeof openBrowser>>
}

/** Each round in a browser profile of its own, whose cache holds the program but no data: as somebody who follows a link to the run. */
const measureRun = async ({ plane, url, size, end, rounds, browser }: Measured): Promise<PageFigures[]> => {
  const runId = await seedRun(plane, size, end)
  const figures: PageFigures[] = []
  for (let round = 0; round < rounds; round += 1) {
    const page = await newPage(browser)
    await signIn(page, url)
    figures.push(await measurePage(page, `${url}/w/bench/runs/${runId}`, size))
    await page.context().close()
  }
  return figures
}

const ROWS: [title: string, figure: keyof PageFigures][] = [
  ['its state is shown (ms)', 'shownMs'],
  ['interactive, with tasks and logs (ms)', 'interactiveMs'],
  ['everything is there (ms)', 'completeMs'],
  ['longest block of the page (ms)', 'blockedMs'],
  ['received (KB)', 'receivedKb'],
  ['frame while scrolling the logs, p50 (ms)', 'frameP50Ms'],
  ['  p95 (ms)', 'frameP95Ms'],
  ['memory of the page (MB)', 'heapMb'],
]

const print = (results: { name: string; figures: PageFigures[] }[]): void => {
  printColumns([
    ['page of a run (medians)', ...results.map(({ name }) => name)],
    ...ROWS.map(([title, figure]) => [title, ...results.map(({ figures }) => String(round(median(figures.map((one) => one[figure])))))]),
  ])
}
