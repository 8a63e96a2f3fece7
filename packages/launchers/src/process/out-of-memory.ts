import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Exit } from '@towline/contract/frames'
import { isCode, readOptional } from './attempt-directory.ts'

/** How often the kernel of this machine (or container) killed for memory since boot. Null where it does not say. */
export const countOomKills = async (): Promise<number | null> => {
  const text = await readOptional('/proc/vmstat').catch(() => null)
  const count = text?.match(/^oom_kill (\d+)$/m)?.[1]
  return count === undefined ? null : Number(count)
}

/**
 * Best effort, as the operating system does not tell a process's parent: a SIGKILL that was not ours while the kernel counted
 * a memory kill, or Node's own report that its heap (`memoryMb`) is full.
 */
export const diedOfMemory = async (
  exit: Pick<Exit, 'exitCode' | 'signal'>,
  directory: string,
  oomKillsBefore: number | null,
): Promise<boolean> => {
  if (exit.signal === 'SIGKILL') {
    const now = await countOomKills()
    return oomKillsBefore !== null && now !== null && now > oomKillsBefore
  }
  if (exit.signal === 'SIGABRT' || exit.signal === 'SIGTRAP')
    return (await lastBytes(join(directory, 'stderr'), 16_384)).includes('heap out of memory')
  return false
}

const lastBytes = async (path: string, length: number): Promise<string> => {
  const file = await open(path).catch((error) => {
    if (isCode(error, 'ENOENT')) return null
    throw error
  })
  if (file === null) return ''
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position: Math.max(0, size - length) })
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await file.close()
  }
}
