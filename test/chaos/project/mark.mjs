import { appendFileSync, readFileSync } from 'node:fs'

/**
 * Appends who starts or ends. A start that finds another process of the same run alive says so: two executions at once.
 * @param {string} file
 * @param {'start' | 'end'} what
 */
export const mark = (file, what) => {
  const own = { run: process.env.TOWLINE_RUN_ID, attempt: Number(process.env.TOWLINE_ATTEMPT), pid: process.pid }
  if (what === 'start') for (const pid of openPids(file, own.run)) if (isAlive(pid)) append(file, { ...own, mark: 'overlap', with: pid })
  append(file, { ...own, mark: what })
}

const append = (file, entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`)

const openPids = (file, run) => {
  const entries = read(file).filter((entry) => entry.run === run)
  return entries
    .filter(({ mark, pid }) => mark === 'start' && !entries.some((other) => other.mark === 'end' && other.pid === pid))
    .map(({ pid }) => pid)
}

const read = (file) => {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  } catch {
    return []
  }
}

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
