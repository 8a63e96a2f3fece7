import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Demo } from './credentials.ts'
import { dim, print } from './progress.ts'

type Cli = { root: string; apiUrl: string; demo: Demo; signal: AbortSignal }

const EXAMPLES = 'test/examples'
const FIRST_RUN = 'hello'

const towline = ({ root, apiUrl, demo, signal }: Cli, args: string[], onLine: (line: string) => void): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'apps/cli/bin/towline.mjs'), ...args], {
      cwd: join(root, EXAMPLES),
      env: { ...process.env, TOWLINE_API_URL: apiUrl, TOWLINE_API_KEY: demo.userKey, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    })
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine)
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })

/** Registers the examples with the command that users type. Registering an unchanged one changes nothing. */
export const deployExamples = async (cli: Cli): Promise<void> => {
  const lines: string[] = []
  const code = await towline(cli, ['deploy'], (line) => lines.push(line))
  if (code !== 0) throw new Error(`The examples could not be registered:\n${lines.join('\n')}`)
}

/** One run, watched: its states and logs print as they happen. */
export const launchFirstRun = async (cli: Cli): Promise<boolean> => {
  print(`\n${dim(`$ towline run ${FIRST_RUN} --watch`)}`)
  const code = await towline(cli, ['run', FIRST_RUN, '--watch'], (line) => print(`  ${line}`))
  return code === 0
}
