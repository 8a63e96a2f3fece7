import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Binaries, RunAs } from './binaries.ts'
import type { DataFolder } from './data-folder.ts'

export type ServerExit = { code: number | null; signal: NodeJS.Signals | null; lastLines: string[] }
export type ServerProcess = { pid: number; stop(): Promise<void>; kill(): void; exited: Promise<ServerExit> }

export type Profile = 'durable' | 'fast'

const settings = (port: number, profile: Profile, maxConnections: number): string[] => {
  const pairs: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    // TCP with a password is enough, and a socket's path would have to fit in 107 bytes.
    unix_socket_directories: '',
    max_connections: maxConnections,
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    random_page_cost: 1.1,
    jit: 'off',
    lc_messages: 'C',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(profile === 'fast' && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum_naptime: '10s' }),
  }
  return Object.entries(pairs).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

export class ServerStartError extends Error {
  override readonly name = 'ServerStartError'
  readonly lastLines: string[]
  constructor(text: string, lastLines: string[]) {
    super(text)
    this.lastLines = lastLines
  }
}

type Start = {
  binaries: Binaries
  runAs: RunAs
  folder: DataFolder
  port: number
  profile: Profile
  maxConnections: number
  onLine(line: string): void
}

const stopper = (child: ChildProcess, exited: Promise<ServerExit>, binaries: Binaries, pgdata: string) => async (): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  // SIGINT is the fast shutdown: sessions are ended, a checkpoint is written. Windows has no signals.
  if (process.platform === 'win32')
    await promisify(execFile)(binaries.pgCtl, ['stop', '-D', pgdata, '-m', 'fast', '-W']).catch(() => child.kill())
  else child.kill('SIGINT')
  const late = new AbortController()
  const timeout = sleep(15_000, 'late' as const, { signal: late.signal }).catch(() => undefined)
  if ((await Promise.race([exited, timeout])) === 'late') child.kill('SIGQUIT')
  late.abort()
  await exited
}

/** Starts postgres and resolves once it accepts connections; rejects when it ends before that. */
export const startServerProcess = async ({
  binaries,
  runAs,
  folder,
  port,
  profile,
  maxConnections,
  onLine,
}: Start): Promise<ServerProcess> => {
  const child = spawn(binaries.postgres, ['-D', folder.pgdata, ...settings(port, profile, maxConnections)], {
    ...runAs,
    cwd: folder.pgdata,
    env: { ...process.env, LC_ALL: 'C', PGDATA: folder.pgdata },
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its own process group: Ctrl-C in a terminal would otherwise stop the database before the processes that still write to it.
    detached: process.platform !== 'win32',
  })
  const lastLines: string[] = []
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, lastLines: [...lastLines, error.message] }))
    child.once('close', (code, signal) => resolve({ code, signal, lastLines }))
  })
  const ready = new Promise<'ready'>((resolve) => {
    let rest = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        onLine(line)
        lastLines.push(line)
        if (lastLines.length > 30) lastLines.shift()
        if (line.includes('ready to accept connections')) resolve('ready')
      }
    })
  })
  const first = await Promise.race([ready, exited])
  if (first !== 'ready') {
    const reason =
      first.lastLines.find((line) => /FATAL|PANIC|ENOENT|EACCES/.test(line)) ?? first.lastLines.at(-1) ?? `exit code ${first.code}`
    throw new ServerStartError(reason.replace(/^.*?(FATAL|PANIC): +/, ''), first.lastLines)
  }
  return { pid: child.pid as number, stop: stopper(child, exited, binaries, folder.pgdata), kill: () => child.kill('SIGINT'), exited }
}
