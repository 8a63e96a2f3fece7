import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { poolTypeSchema } from '@towline/contract/run-spec'
import { z } from 'zod'
import { UsageError } from './options.ts'

const identitySchema = z.object({ agentId: z.uuid(), poolId: z.uuid(), poolType: poolTypeSchema })
export type Identity = z.infer<typeof identitySchema>

/** The agent's folder: who it is, what it still owes to the control plane, the code it fetched. One process at a time. */
export type DataDir = {
  path: string
  spoolDir: string
  bundleDir: string
  identity: Identity | null
  remember(identity: Identity): void
  /** Lets the next process in. */
  release(): void
}

export const openDataDir = (path: string): DataDir => {
  const spoolDir = join(path, 'spool')
  const bundleDir = join(path, 'bundles')
  try {
    for (const folder of [path, spoolDir, bundleDir]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new UsageError(`--data-dir: ${error instanceof Error ? error.message : String(error)}`)
  }
  const lock = join(path, 'agent.pid')
  takeLock(path, lock)
  const file = join(path, 'agent.json')
  return {
    path,
    spoolDir,
    bundleDir,
    identity: readIdentity(file),
    remember: (identity) => {
      writeFileSync(`${file}.new`, `${JSON.stringify(identity)}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
    release: () => rmSync(lock, { force: true }),
  }
}

const readIdentity = (file: string): Identity | null => {
  try {
    const parsed = identitySchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** A process and when it started: a number alone may belong to somebody else after a crash. */
export const processTag = (pid: number): string | null => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return null
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : `${pid} ${fields[19]}`
  } catch {
    return `${pid} -`
  }
}

const takeLock = (path: string, lock: string): void => {
  const mine = processTag(process.pid) ?? `${process.pid} -`
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(lock, mine, { flag: 'wx', mode: 0o600 })
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
        throw new UsageError(`--data-dir: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    const holder = readLock(lock)
    const pid = Number.parseInt(holder, 10)
    if (pid !== process.pid && pid > 0 && processTag(pid) === holder) {
      throw new UsageError(`Another agent (process ${pid}) uses ${path}. Give this one its own --data-dir.`)
    }
    rmSync(lock, { force: true })
  }
  throw new UsageError(`Another agent is starting in ${path}. Give this one its own --data-dir.`)
}

const readLock = (lock: string): string => {
  try {
    return readFileSync(lock, 'utf8')
  } catch {
    return ''
  }
}
