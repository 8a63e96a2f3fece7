import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Refusal } from './refusal.ts'

export type Settings = {
  /** The root of the repository. */
  root: string
  dataDir: string
  webPort: number
  gatewayPort: number
  /** Health and metrics of these two. */
  agentPort: number
  schedulerPort: number
  /** Someone's own server instead of the embedded one. */
  databaseUrl: string | null
}

export const USAGE = `npm start -- [options]

  --port <number>   port of the dashboard (7600); gateway, agent and scheduler take the next three
  --help            this text

  TOWLINE_DATA_DIR      where the database, logs and credentials live (.towline)
  TOWLINE_DATABASE_URL  use this PostgreSQL (15 or later) instead of the embedded one`

/** Reads the command line and the environment; null when help was asked for. */
export const readSettings = (args: string[], env: NodeJS.ProcessEnv, root: string): Settings | null => {
  const { port, help } = parse(args)
  if (help) return null
  const webPort = readPort(port ?? env.TOWLINE_WEB_PORT ?? '7600')
  const gatewayPort = env.TOWLINE_GATEWAY_PORT ? readPort(env.TOWLINE_GATEWAY_PORT) : webPort + 1
  return {
    root,
    dataDir: resolve(env.TOWLINE_DATA_DIR || join(root, '.towline')),
    webPort,
    gatewayPort,
    agentPort: gatewayPort + 1,
    schedulerPort: gatewayPort + 2,
    databaseUrl: env.TOWLINE_DATABASE_URL || env.DATABASE_URL || null,
  }
}

const parse = (args: string[]): { port?: string | undefined; help?: boolean | undefined } => {
  try {
    return parseArgs({ args, options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } } }).values
  } catch (error) {
    throw new Refusal(`${(error as Error).message.split('\n')[0]} Options: npm start -- --help`)
  }
}

const readPort = (text: string): number => {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_533) return port
  throw new Refusal(`"${text}" is not a port. Give a number from 1 to 65532, for example: npm start -- --port 7600`)
}
