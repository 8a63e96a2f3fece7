import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './local-stack.ts'

export type Terminal = { code: number | null; stdout: string; stderr: string }

/** The command line as it is installed, with a configuration folder of its own. */
export const CLI = join(root, 'apps/cli/bin/towline.mjs')

type Options = { cwd?: string; env?: NodeJS.ProcessEnv }

/** Runs one command to its end. `onOutput` sees what it prints while it still runs. */
export const towline = (
  args: string[],
  { cwd = root, env = {} }: Options = {},
  onOutput: (text: string) => void = () => undefined,
): Promise<Terminal> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), 'towline-cli-')),
        NO_COLOR: '1',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      onOutput(stdout + stderr)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
      onOutput(stdout + stderr)
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })

export const withKey = (url: string, key: string): NodeJS.ProcessEnv => ({ TOWLINE_API_URL: url, TOWLINE_API_KEY: key })
