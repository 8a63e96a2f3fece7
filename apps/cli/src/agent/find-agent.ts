import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError } from '../cli-error.ts'
import { unreachable } from '../client.ts'

const cacheDirectory = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'towline')

/** Beside the CLI in the repository, or beside its own file. */
const here = (): string | null => {
  const candidates = ['../../agent/dist/agent.mjs', './agent.mjs'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  return candidates.find((path) => existsSync(path)) ?? null
}

const download = async (url: string): Promise<Response> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) }).catch((cause: unknown) => {
    throw unreachable(new URL(url).origin, cause)
  })
  if (!response.ok) throw new CliError(`${url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`)
  return response
}

/** The agent as one file: at hand, or from the control plane, kept under its checksum. */
export const findAgent = async (url: string): Promise<string> => {
  const local = here()
  if (local) return local
  const expected = (await (await download(`${url}/dist/agent.mjs.sha256`)).text()).trim().split(/\s/)[0] ?? ''
  const path = join(cacheDirectory(), `agent-${expected.slice(0, 16)}.mjs`)
  if (existsSync(path)) return path
  const code = Buffer.from(await (await download(`${url}/dist/agent.mjs`)).arrayBuffer())
  const actual = createHash('sha256').update(code).digest('hex')
  if (actual !== expected) throw new CliError('the downloaded agent does not match its checksum; nothing was kept', { remedy: 'try again' })
  await mkdir(cacheDirectory(), { recursive: true })
  await writeFile(`${path}.new`, code)
  await rename(`${path}.new`, path)
  return path
}
