import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { until } from '@towline/service/until'

export type Shell = {
  output: () => string
  says: (pattern: RegExp, timeoutMs?: number) => Promise<RegExpExecArray>
  stop: () => Promise<void>
  exited: Promise<number | null>
}

/** How this machine reaches the npm registry belongs to the machine, not to the person. */
const REACH =
  /^(npm_config_(registry|cafile|ca|strict_ssl|https?_proxy|proxy|noproxy)|node_extra_ca_certs|ssl_cert_(file|dir)|https?_proxy|no_proxy)$/i
const machine = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => REACH.test(name))),
  npm_config_userconfig: process.env.npm_config_userconfig ?? join(homedir(), '.npmrc'),
  npm_config_cache: process.env.npm_config_cache ?? join(homedir(), '.npm'),
})

/** A line as a person types it into `sh`, in a folder of its own and with nothing of this process's environment but PATH. */
export const shell = (line: string, { home }: { home: string }): Shell => {
  const child = spawn('sh', ['-c', line], {
    cwd: home,
    env: { ...machine(), PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  let ended = false
  void exited.then(() => (ended = true))
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid) process.kill(-child.pid, name)
    } catch {
      // It is gone.
    }
  }
  return {
    output: () => text,
    exited,
    says: async (pattern, timeoutMs = 60_000) => {
      const found = await until(() => pattern.exec(text) ?? (ended ? ('ended' as const) : null), { timeoutMs, intervalMs: 20 }).catch(
        () => 'ended' as const,
      )
      if (found === 'ended') throw new Error(`"${line}" never said ${pattern}. It said:\n${text}`)
      return found
    },
    stop: async () => {
      if (ended) return
      signal('SIGTERM')
      const hurry = setTimeout(() => signal('SIGTERM'), 3000)
      const kill = setTimeout(() => signal('SIGKILL'), 10_000)
      await exited
      clearTimeout(hurry)
      clearTimeout(kill)
    },
  }
}
