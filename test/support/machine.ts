import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const inCi = process.env.CI === 'true' || process.env.CI === '1'

/** What a test needs of the machine and may not find. In CI it is demanded: the test then fails with the line that says how to get it. */
export type Need = { there: boolean; run: boolean; how: string }

const need = (there: boolean, how: string): Need => ({ there, run: there || inCi, how })

export const docker = (): Need =>
  need(
    spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { stdio: 'ignore' }).status === 0,
    'No Docker engine answers: start it with "dockerd &" (Debian: apt-get install docker.io).',
  )

const CHROMIUMS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

export const chromiumPath = (): string | undefined => [process.env.CHROMIUM_PATH, ...CHROMIUMS].find((path) => path && existsSync(path))

export const chromium = (): Need =>
  need(chromiumPath() !== undefined, 'No Chromium: install it (Debian: apt-get install chromium) or point CHROMIUM_PATH to one.')
