import { readFileSync } from 'node:fs'
import { cpus, homedir, hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'

export type AgentOptions = {
  /** Base URL of the gateway, http or https. */
  url: string
  key: string
  name: string
  capacity: number
  dataDir: string
  /** Null: no HTTP server. */
  healthPort: number | null
  /** Where runs reach the run API, when that differs from what the gateway says. */
  runApiUrl: string | null
}

/** The command line is wrong: printed as it is, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const VERSION = process.env.TOWLINE_VERSION ?? '0.0.0-dev'

export const USAGE = `towline-agent ${VERSION}: pulls runs of one work pool and launches them here

  --url <url>            the gateway                       TOWLINE_GATEWAY_URL
  --key <key>            an agent key of the pool (tla_…)  TOWLINE_AGENT_KEY
  --key-file <file>      a file that holds the key         TOWLINE_AGENT_KEY_FILE
  --name <name>          what people see                   TOWLINE_AGENT_NAME         default: the host's name
  --capacity <n>         runs at the same time             TOWLINE_AGENT_CAPACITY     default: 2 × CPUs
  --data-dir <folder>    identity, spool, code, logs       TOWLINE_AGENT_DATA_DIR     default: ~/.local/share/towline/agent
  --health-port <port>   serves /healthz and /metrics      TOWLINE_AGENT_HEALTH_PORT  default: none
  --run-api-url <url>    the run API as runs reach it      TOWLINE_RUN_API_URL        default: as the gateway says
  --version, --help

One signal (Ctrl-C, SIGTERM) drains: no new runs, those that run end first. A second one kills them.
`

const ENV = {
  url: 'TOWLINE_GATEWAY_URL',
  key: 'TOWLINE_AGENT_KEY',
  'key-file': 'TOWLINE_AGENT_KEY_FILE',
  name: 'TOWLINE_AGENT_NAME',
  capacity: 'TOWLINE_AGENT_CAPACITY',
  'data-dir': 'TOWLINE_AGENT_DATA_DIR',
  'health-port': 'TOWLINE_AGENT_HEALTH_PORT',
  'run-api-url': 'TOWLINE_RUN_API_URL',
} as const
type Flag = keyof typeof ENV

const httpUrl = z
  .url()
  .regex(/^(https?|wss?):\/\//, 'starts with http:// or https://')
  .transform((url) => url.replace(/^ws/, 'http').replace(/\/+$/, ''))

const optionsSchema = z.object({
  url: httpUrl,
  key: z.string().regex(/^tla_\S+$/, 'an agent key starts with tla_'),
  name: z.string().min(1).max(120),
  capacity: z.coerce.number().int().min(1).max(10_000),
  'data-dir': z.string().min(1),
  'health-port': z.coerce.number().int().min(0).max(65_535).nullable(),
  'run-api-url': httpUrl.nullable(),
})

const readKeyFile = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new UsageError(`--key-file: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const defaultDataDir = (env: NodeJS.ProcessEnv): string => join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'towline', 'agent')

/** Flags win over the environment. Returns 'help' or 'version' when that was asked for. */
export const readOptions = (args: string[], env: NodeJS.ProcessEnv): AgentOptions | 'help' | 'version' => {
  const string = { type: 'string' as const }
  const flags = Object.fromEntries(Object.keys(ENV).map((flag) => [flag, string])) as Record<Flag, typeof string>
  let values: Partial<Record<Flag, string>> & { help?: boolean; version?: boolean }
  try {
    values = parseArgs({ args, options: { ...flags, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } } }).values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\nRun with --help for all options.`)
  }
  if (values.help) return 'help'
  if (values.version) return 'version'

  const given = (flag: Flag): string | undefined => values[flag] || env[ENV[flag]] || undefined
  const keyFile = given('key-file')
  const parsed = optionsSchema.safeParse({
    url: given('url'),
    key: values.key ?? (keyFile ? readKeyFile(keyFile) : given('key')),
    name: given('name') ?? hostname().slice(0, 120),
    capacity: given('capacity') ?? 2 * cpus().length,
    'data-dir': given('data-dir') ?? defaultDataDir(env),
    'health-port': given('health-port') ?? null,
    'run-api-url': given('run-api-url') ?? null,
  })
  if (!parsed.success) {
    // Values are not repeated: one of them is a secret.
    const problems = parsed.error.issues.map((issue) => {
      const flag = issue.path[0] as Flag
      return given(flag) === undefined && !(flag === 'key' && keyFile)
        ? `--${flag} (or ${ENV[flag]}) is missing`
        : `--${flag}: ${issue.message}`
    })
    throw new UsageError(`${[...new Set(problems)].join('\n')}\nRun with --help for all options.`)
  }
  const { url, key, name, capacity } = parsed.data
  return {
    url,
    key,
    name,
    capacity,
    dataDir: resolve(parsed.data['data-dir']),
    healthPort: parsed.data['health-port'],
    runApiUrl: parsed.data['run-api-url'],
  }
}
