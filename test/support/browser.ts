import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { root } from './local-stack.ts'
import { chromiumPath } from './machine.ts'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

export const openBrowser = (): Promise<Browser> => {
  const executablePath = chromiumPath()
  if (!executablePath) throw new Error('No Chromium: install it (Debian: apt-get install chromium) or point CHROMIUM_PATH to one.')
  return chromium.launch({ executablePath, args: ARGUMENTS })
}

/** A person of their own: no cookies shared with another, and a patience that fits a busy machine. */
export const newPage = async (browser: Browser): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(30_000)
  return context.newPage()
}

/** What the person saw when something went wrong: a picture in test/results. */
export const picture = async (page: Page, name: string): Promise<void> => {
  const folder = join(root, 'test/results')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
