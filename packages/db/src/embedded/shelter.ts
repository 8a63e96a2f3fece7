import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries, RunAs } from './binaries.ts'

/**
 * As root, PostgreSQL runs as the user "postgres", who cannot pass through a closed folder (a checkout under /root, or one made by
 * mktemp). Opening somebody's folder is not ours to do; so programs and data then lie here instead.
 */
const shelter = '/var/lib/towline'

const run = promisify(execFile)

const canPass = async (path: string, runAs: RunAs): Promise<boolean> => {
  try {
    await run('test', ['-x', path], { ...runAs, cwd: '/' })
    return true
  } catch {
    return false
  }
}

const openShelter = async (): Promise<string> => {
  await mkdir(shelter, { recursive: true })
  await chmod(shelter, 0o755)
  return shelter
}

/** The programs as they are, or a copy (60 MB, once for each version) that the user can run. */
export const reachableBinaries = async (binaries: Binaries, runAs: RunAs): Promise<Binaries> => {
  if (!runAs || (await canPass(binaries.postgres, runAs))) return binaries
  const native = dirname(dirname(binaries.postgres))
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string }
  const copy = join(await openShelter(), `postgresql-${version}`)
  const program = (path: string): string => join(copy, path.slice(native.length))
  const moved = { ...binaries, postgres: program(binaries.postgres), initdb: program(binaries.initdb), pgCtl: program(binaries.pgCtl) }
  if (await canPass(moved.postgres, runAs)) return moved
  // Made aside and renamed: whoever looks meanwhile sees all of it or nothing.
  const fresh = `${copy}.${randomBytes(4).toString('hex')}`
  await cp(native, fresh, { recursive: true, verbatimSymlinks: true })
  await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }))
  return moved
}

/** The data folder itself, or one in the shelter that the file `place` in it names: without that file, one starts afresh. */
export const reachableDataDir = async (dataDir: string, runAs: RunAs): Promise<string> => {
  const root = resolve(dataDir)
  if (!runAs) return root
  const note = join(root, 'place')
  const known = await readFile(note, 'utf8').catch(() => undefined)
  if (known !== undefined) return known.trim()
  // What is there already is opened where it is, or complained about.
  if ((await readdir(root).catch(() => [] as string[])).includes('postgres')) return root
  const closed = await mkdir(root, { recursive: true })
    .then(() => chmod(root, 0o711))
    .then(
      async () => !(await canPass(root, runAs)),
      () => false, // What is wrong with the folder is said by whoever opens it.
    )
  if (!closed) return root
  const place = await mkdtemp(join(await openShelter(), 'data-'))
  await writeFile(note, `${place}\n`)
  return place
}
