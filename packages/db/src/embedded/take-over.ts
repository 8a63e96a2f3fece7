import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type DataFolder, readOwner, readPostmaster, removePostmasterFile } from './data-folder.ts'

const run = promisify(execFile)

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether the process is a PostgreSQL server of this very folder; a process id may have been given to somebody else since. */
const isServerOf = async (pid: number, pgdata: string): Promise<boolean> => {
  if (process.platform === 'win32') return true
  const command = await run('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => undefined)
  return command?.stdout.includes(pgdata) ?? false
}

/** Whether the process that last opened the folder lives, or may be opening it just now. */
export const isOwned = async (root: string): Promise<boolean> => {
  const owner = await readOwner({ root })
  return owner === undefined || isAlive(owner)
}

/**
 * What an earlier process left behind. A lock file whose process is dead stays: PostgreSQL reads in it which shared memory to look at, and refuses to
 * start while backends of a killed server still write. One whose process id belongs to a stranger by now goes, or PostgreSQL would never start. A server whose Towline died (kill -9) is stopped, so
 * that the new one is our child and its end is seen; a server whose Towline lives is not ours to touch.
 */
export const takeOver = async (folder: DataFolder): Promise<void> => {
  const server = await readPostmaster(folder)
  if (server === undefined) return
  if (!isAlive(server)) return
  if (!(await isServerOf(server, folder.pgdata))) return await removePostmasterFile(folder)
  const owner = await readOwner(folder)
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
    throw new Error(
      `The data folder ${folder.root} is in use by another running Towline (process ${owner}). Stop it, or choose another folder.`,
    )
  }
  process.kill(server, 'SIGINT')
  const end = Date.now() + 15_000
  while (isAlive(server)) {
    if (Date.now() > end)
      throw new Error(`The PostgreSQL left in ${folder.root} (process ${server}) does not stop. End it and start again.`)
    await sleep(20)
  }
}
