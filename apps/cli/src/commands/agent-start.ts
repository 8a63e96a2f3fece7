import { spawn } from 'node:child_process'
import { agentDataDirectory, agentKeyFile } from '../agent/agent-key.ts'
import { findAgent } from '../agent/find-agent.ts'
import { findGatewayUrl } from '../agent/gateway-url.ts'
import { CliError, EXIT, QuietExit } from '../cli-error.ts'
import type { CommandInput } from '../command.ts'
import { apiUrl } from '../config.ts'

const has = (flags: string[], name: string): boolean => flags.some((flag) => flag === name || flag.startsWith(`${name}=`))

const keyFlags = async (flags: string[], pool: string | undefined, note: (text: string) => void): Promise<string[]> => {
  if (has(flags, '--key') || has(flags, '--key-file')) return []
  if (pool !== undefined) {
    const { path, created } = await agentKeyFile(pool)
    if (created) note(`made a key for an agent of ${pool}, kept in ${path}`)
    return ['--key-file', path]
  }
  if (process.env.TOWLINE_AGENT_KEY) return []
  throw new CliError('the agent needs a work pool to serve', {
    exit: EXIT.usage,
    remedy: 'towline agent start --pool <pool>; towline pools ls lists them',
  })
}

/** Starts the agent in the foreground; its own flags are passed on. */
export const run = async ({ args: flags, options, io }: CommandInput<{ pool?: string }>): Promise<void> => {
  const url = apiUrl()
  const keys = await keyFlags(flags, options.pool, io.note)
  const gateway = has(flags, '--url') || process.env.TOWLINE_GATEWAY_URL ? [] : ['--url', await findGatewayUrl(url)]
  const known = has(flags, '--data-dir') || process.env.TOWLINE_AGENT_DATA_DIR
  const data = options.pool === undefined || known ? [] : ['--data-dir', agentDataDirectory(url, options.pool)]
  const agent = await findAgent(url)
  const { TOWLINE_API_KEY: _, ...env } = process.env
  const child = spawn(process.execPath, [agent, ...gateway, ...keys, ...data, ...flags], { stdio: 'inherit', env })
  // Ctrl-C reaches the agent from the terminal; what is sent to this process alone is passed on.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail)
    child.once('close', done)
  })
  if (code !== 0) throw new QuietExit(EXIT.failed)
}
