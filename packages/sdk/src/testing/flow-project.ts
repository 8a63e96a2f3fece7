import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface FlowProject {
  directory: string
  /** Writes a flow file; `@towline/sdk` and `zod` are there to be imported. */
  write: (name: string, source: string) => Promise<string>
  remove: () => Promise<void>
}

/** A user's folder with the SDK installed as it is published. */
export const createFlowProject = async (): Promise<FlowProject> => {
  const directory = await mkdtemp(join(tmpdir(), 'towline-sdk-'))
  const sdk = join(directory, 'node_modules/@towline/sdk')
  await mkdir(sdk, { recursive: true })
  await build({
    entryPoints: [fileURLToPath(new URL('../index.ts', import.meta.url))],
    outfile: join(sdk, 'dist/index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
  })
  await writeFile(join(sdk, 'package.json'), JSON.stringify({ name: '@towline/sdk', type: 'module', exports: './dist/index.js' }))
  await symlink(dirname(createRequire(import.meta.url).resolve('zod/package.json')), join(directory, 'node_modules/zod'))
  return {
    directory,
    write: async (name, source) => {
      const path = join(directory, name)
      await writeFile(path, source)
      return path
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}

interface Start {
  args?: string[]
  env?: Record<string, string>
}

/** Plain `node file`, with nothing of this process's environment but the path. */
export const startFile = (path: string, { args = [], env = {} }: Start = {}): { child: ChildProcess; ended: Promise<Ended> } => {
  const child = spawn(process.execPath, [path, ...args], {
    env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<Ended>((done, fail) => {
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk)
    })
    child.once('error', fail)
    child.once('close', (code, signal) => done({ code, signal, stdout, stderr }))
  })
  return { child, ended }
}

/** The environment of an attempt, as launchers make it. */
export const attemptEnv = (apiUrl: string, parameters: unknown = {}, flow = 'etl'): Record<string, string> => ({
  TOWLINE_API_URL: apiUrl,
  TOWLINE_RUN_TOKEN: 'tlr_test',
  TOWLINE_RUN_ID: '01990000-0000-7000-8000-000000000001',
  TOWLINE_RUN_NAME: 'amber-otter',
  TOWLINE_ATTEMPT: '1',
  TOWLINE_DEPLOYMENT: 'etl',
  TOWLINE_FLOW: flow,
  TOWLINE_PARAMETERS: JSON.stringify(parameters),
})
