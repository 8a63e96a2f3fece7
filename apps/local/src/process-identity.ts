import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * When the process began, as the operating system says it: with the pid it names a process for good, as pids are used again.
 * Null when there is no such process.
 */
export const processBirth = (pid: number): string | null => {
  try {
    if (process.platform === 'linux') return linuxBirth(pid)
    if (process.platform === 'win32') return isAlive(pid) ? 'unknown' : null
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null
    )
  } catch {
    return null
  }
}

const linuxBirth = (pid: number): string | null => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The command's name stands in parentheses and may hold blanks; state is the first field behind it, the birth the twentieth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? null : (fields[19] ?? null)
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
