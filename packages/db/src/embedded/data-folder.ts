import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries, RunAs } from './binaries.ts'

/**
 * The folder of an embedded server:
 *   postgres/   PostgreSQL's own data
 *   password    of the superuser, readable by its owner only
 *   port        the port of the last start, so that addresses stay the same
 *   owner       the process that runs it now
 */
export type DataFolder = { root: string; pgdata: string; password: string }

const run = promisify(execFile)
const readOr = async <T>(path: string, otherwise: T): Promise<string | T> => {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    return otherwise
  }
}

export type OpenOptions = {
  binaries: Binaries
  runAs: RunAs
  /** Whether a machine that loses power right after the set-up must still have it. */
  durable: boolean
}

const initialise = async (pgdata: string, root: string, password: string, { binaries, runAs, durable }: OpenOptions): Promise<void> => {
  // Made aside and renamed at the end: an initdb that is killed half-way leaves nothing that looks like a data folder.
  const fresh = `${pgdata}.new`
  const passwordFile = join(root, 'password.new')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (runAs) {
    await chown(fresh, runAs.uid, runAs.gid)
    await chown(passwordFile, runAs.uid, runAs.gid)
  }
  const args = [
    '-D',
    fresh,
    '-U',
    'postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    ...(durable ? [] : ['--no-sync']),
  ]
  try {
    await run(binaries.initdb, args, { ...runAs, cwd: '/', env: { ...process.env, LC_ALL: 'C' } })
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true })
    throw new Error(`The data folder ${root} could not be set up: ${firstError(cause)}`, { cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
  await writeFile(join(root, 'password'), `${password}\n`, { mode: 0o600 })
  await rename(fresh, pgdata)
}

const firstError = (error: unknown): string => {
  const text = String((error as { stderr?: string }).stderr || (error as Error).message)
  const line = text.split('\n').find((candidate) => /error|FATAL|could not|denied/i.test(candidate)) ?? text.split('\n')[0] ?? text
  return line.replace(/^initdb: /, '').trim()
}

/** Opens the folder, or makes it when it is absent or empty. Every way in which it can be broken has a line of its own. */
export const openDataFolder = async (path: string, options: OpenOptions): Promise<DataFolder> => {
  const { binaries, runAs } = options
  const root = resolve(path)
  try {
    await mkdir(root, { recursive: true })
    if (!(await stat(root)).isDirectory()) throw new Error('it is a file')
  } catch (cause) {
    throw new Error(`The data folder ${root} cannot be used: ${(cause as Error).message}`, { cause })
  }
  if (runAs) await chmod(root, 0o711)
  const pgdata = join(root, 'postgres')
  const entries = await readdir(pgdata).catch(() => undefined)
  if (entries === undefined || entries.length === 0) {
    const strangers = (await readdir(root)).filter(
      (name) => !['postgres', 'postgres.new', 'password', 'password.new', 'port', 'owner'].includes(name),
    )
    if (strangers.length > 0)
      throw new Error(`${root} is not a data folder of Towline: it holds ${strangers.slice(0, 3).join(', ')}. Choose an empty folder.`)
    await rm(pgdata, { recursive: true, force: true })
    const password = randomBytes(24).toString('base64url')
    await initialise(pgdata, root, password, options)
    return { root, pgdata, password }
  }
  const version = await readOr(join(pgdata, 'PG_VERSION'), undefined)
  if (version === undefined) throw new Error(`${pgdata} is not a PostgreSQL data folder (no PG_VERSION). Move it away to start afresh.`)
  if (Number(version) !== binaries.major) {
    throw new Error(
      `${pgdata} was made by PostgreSQL ${version}, this Towline has ${binaries.major}. Dump it with the old version, or move it away to start afresh.`,
    )
  }
  const password = await readOr(join(root, 'password'), undefined)
  if (!password)
    throw new Error(
      `${join(root, 'password')} is missing or unreadable: without it the database cannot be opened. Restore it, or move ${root} away.`,
    )
  return { root, pgdata, password }
}

export const readPort = async ({ root }: DataFolder): Promise<number | undefined> => {
  const port = Number(await readOr(join(root, 'port'), undefined))
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined
}
export const writePort = ({ root }: DataFolder, port: number): Promise<void> => writeFile(join(root, 'port'), `${port}\n`)

export const readOwner = async ({ root }: Pick<DataFolder, 'root'>): Promise<number | undefined> =>
  Number(await readOr(join(root, 'owner'), undefined)) || undefined
export const writeOwner = ({ root }: DataFolder, pid: number): Promise<void> => writeFile(join(root, 'owner'), `${pid}\n`)

/** The process in postmaster.pid, whether or not it lives. */
export const readPostmaster = async ({ pgdata }: DataFolder): Promise<number | undefined> => {
  const text = await readOr(join(pgdata, 'postmaster.pid'), undefined)
  return Math.abs(Number(text?.split('\n')[0])) || undefined
}
export const removePostmasterFile = ({ pgdata }: DataFolder): Promise<void> => rm(join(pgdata, 'postmaster.pid'), { force: true })
