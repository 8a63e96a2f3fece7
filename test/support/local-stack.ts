import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '@towline/service/until'
import { freePorts } from './free-ports.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

export type Demo = { email: string; password: string; workspace: string; pool: string; userKey: string; agentKey: string }

export type LocalStack = {
  /** Dashboard and API. */
  url: string
  port: number
  dataDir: string
  /** Everything that the terminal showed so far. */
  output: () => string
  /** Waits for a line of the terminal. */
  says: (pattern: RegExp, timeoutMs?: number) => Promise<RegExpExecArray>
  demo: () => Demo
  pidOf: (child: string) => number
  pid: number
  exited: Promise<number | NodeJS.Signals>
  /** Ctrl-C, and waits until it is gone. */
  stop: () => Promise<number | NodeJS.Signals>
  /** Stops it, and removes its data. */
  dispose: () => Promise<void>
}

/** Open to other users: as root, PostgreSQL runs as one of them. */
const freshDataDir = (): string => {
  const dataDir = mkdtempSync(join(tmpdir(), 'towline-stack-'))
  chmodSync(dataDir, 0o755)
  return dataDir
}

type Options = { dataDir?: string; port?: number; env?: NodeJS.ProcessEnv }

/** `npm start` as a user has it, on free ports and in a data folder of its own. */
export const startLocalStack = async ({ dataDir = freshDataDir(), port, env = {} }: Options = {}): Promise<LocalStack> => {
  const chosen = port ?? (await freePorts(4))
  const { CI: _, ...inherited } = process.env
  const child = spawn(process.execPath, ['apps/local/start.mjs', '--port', String(chosen)], {
    cwd: root,
    env: { ...inherited, TOWLINE_DATA_DIR: dataDir, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = new Promise<number | NodeJS.Signals>((resolve) => child.once('close', (code, signal) => resolve(signal ?? code ?? 0)))
  let ended = false
  void exited.then(() => (ended = true))

  const stop = async (): Promise<number | NodeJS.Signals> => {
    child.kill('SIGINT')
    const kill = setTimeout(() => child.kill('SIGKILL'), 40_000)
    const how = await exited
    clearTimeout(kill)
    return how
  }
  const read = <T>(file: string): T => JSON.parse(readFileSync(join(dataDir, file), 'utf8')) as T
  const says = async (pattern: RegExp, timeoutMs = 180_000): Promise<RegExpExecArray> => {
    const found = await until(() => pattern.exec(output) ?? (ended ? 'ended' : null), {
      timeoutMs,
      intervalMs: 20,
      what: `a line ${pattern}`,
    }).catch((error: Error) => error)
    if (Array.isArray(found)) return found
    throw new Error(`npm start never said ${pattern}. It said:\n${output}`)
  }
  return {
    url: `http://localhost:${chosen}`,
    port: chosen,
    dataDir,
    output: () => output,
    says,
    demo: () => read<{ demo: Demo }>('credentials.json').demo,
    pidOf: (name) => {
      const found = read<{ children: { name: string; pid: number }[] }>('processes.json').children.find((entry) => entry.name === name)
      if (!found) throw new Error(`npm start has no child ${name}`)
      return found.pid
    },
    pid: child.pid as number,
    exited,
    stop,
    dispose: async () => {
      await stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
