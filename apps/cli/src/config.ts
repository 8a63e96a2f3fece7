import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { CliError, EXIT } from './cli-error.ts'

export interface Config {
  url: string
  key: string
  workspace: string
}

export const DEFAULT_URL = 'http://localhost:7600'

export const configDirectory = (): string => join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'towline')
export const configPath = (): string => process.env.TOWLINE_CONFIG || join(configDirectory(), 'config.json')

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

export const readConfig = (): Config | null => {
  let text: string
  try {
    text = readFileSync(configPath(), 'utf8')
  } catch {
    return null
  }
  try {
    const { url, key, workspace } = JSON.parse(text) as Partial<Config>
    if (isText(url) && isText(key)) return { url, key, workspace: isText(workspace) ? workspace : '' }
  } catch {
    // Falls through: a file that is no JSON is told like one that lacks its fields.
  }
  throw new CliError(`${configPath()} is damaged`, { exit: EXIT.signedOut, remedy: 'towline login' })
}

/** Written beside and renamed, so that it is never half there; only its user can read it. */
export const writePrivate = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600 })
  chmodSync(draft, 0o600)
  renameSync(draft, path)
}

export const writeConfig = (config: Config): void => writePrivate(configPath(), `${JSON.stringify(config, null, 2)}\n`)
export const removeConfig = (): void => rmSync(configPath(), { force: true })

export interface Session {
  url: string
  key: string
  /** Slug; null when the key comes from the environment and nobody has asked yet. */
  workspace: string | null
}

const trimmed = (url: string): string => {
  try {
    return new URL(url).href.replace(/\/+$/, '')
  } catch {
    throw new CliError(`"${url}" is not a URL`, { exit: EXIT.usage, remedy: `write it like ${DEFAULT_URL}` })
  }
}

/** Where the control plane is, for commands that need no key. */
export const apiUrl = (flag?: string): string => trimmed(flag || process.env.TOWLINE_API_URL || readConfig()?.url || DEFAULT_URL)

/** The environment goes before the file of `towline login`: CI needs no file. */
export const currentSession = (): Session => {
  const { TOWLINE_API_URL: url, TOWLINE_API_KEY: key } = process.env
  if (key) return { url: trimmed(url || readConfig()?.url || DEFAULT_URL), key, workspace: null }
  const config = readConfig()
  if (!config) throw new CliError('you are not signed in', { exit: EXIT.signedOut, remedy: 'towline login' })
  return { url: trimmed(url || config.url), key: config.key, workspace: config.workspace || null }
}

/** Where `npm install` takes the SDK from: the control plane brings the one that fits. */
export const sdkTarballUrl = (url: string): string => `${url}/dist/towline-sdk.tgz`
