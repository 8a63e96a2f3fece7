import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type SmallDisk = { folder: string; fill(): void; free(): void; dispose(): void }

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'towline-small-disk-'))
const mount = (folder: string): boolean => spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]).status === 0
const unmount = (folder: string): void => {
  execFileSync('umount', ['--lazy', folder])
  rmSync(folder, { recursive: true, force: true })
}

/** Linux has it. */
export const canFillDisks = (): boolean => spawnSync('prlimit', ['--version']).status === 0

/**
 * A folder on a disk that a test can fill. `limit`, on any Linux: this process may make no file longer for as long as the disk is "full", so not a byte
 * can be written; what runs already is not bound by that. `mount`, where this process may: a file system of 4 MB, where the last page of a
 * file still takes a little, and which is full for the runs, too.
 */
export const smallDisks = (): ['limit' | 'mount', () => SmallDisk][] => {
  const folder = newFolder()
  const mayMount = mount(folder)
  if (mayMount) unmount(folder)
  return [['limit', () => limited(newFolder())], ...(mayMount ? [['mount', () => mounted(newFolder())] as ['mount', () => SmallDisk]] : [])]
}

const mounted = (folder: string): SmallDisk => {
  mount(folder)
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill: () => {
      for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
        try {
          for (;;) writeFileSync(ballast, Buffer.alloc(bytes), { flag: 'a' })
        } catch {
          // It does not fit: what is left is filled with smaller pieces.
        }
      }
    },
    free: () => rmSync(ballast, { force: true }),
    dispose: () => unmount(folder),
  }
}

const limited = (folder: string): SmallDisk => {
  const ignore = (): void => undefined
  const limit = (bytes: string): void => {
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])
  }
  process.on('SIGXFSZ', ignore)
  return {
    folder,
    fill: () => limit('0'),
    free: () => limit('unlimited'),
    dispose: () => {
      limit('unlimited')
      process.off('SIGXFSZ', ignore)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
