import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

type Usage = { parent: number; own: number; reaped: number }

const usageOf = (pid: number | string): Usage | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [, parent = 0, ...rest] = fields
    const [user = 0, system = 0, reapedUser = 0, reapedSystem = 0] = rest.slice(9)
    return { parent, own: (user + system) / TICKS_PER_SECOND, reaped: (reapedUser + reapedSystem) / TICKS_PER_SECOND }
  } catch {
    return null
  }
}

/** CPU seconds of a process and its children. Unlike times, they hold on a machine that others use too. NaN where there is no /proc. */
export const cpuSeconds = (pid: number): number => {
  const root = usageOf(pid)
  if (root === null) return Number.NaN
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(usageOf)
    .filter((usage) => usage?.parent === pid)
  return root.own + root.reaped + children.reduce((sum, usage) => sum + (usage?.own ?? 0), 0)
}

/** Microseconds of CPU for each unit of work, by process. */
export const measureCpu = async <T>(
  pids: Record<string, number>,
  units: number,
  work: () => Promise<T>,
): Promise<{ result: T; cpuMicros: Record<string, number> }> => {
  const before = Object.entries(pids).map(([name, pid]) => [name, pid, cpuSeconds(pid)] as const)
  const result = await work()
  return { result, cpuMicros: Object.fromEntries(before.map(([name, pid, then]) => [name, ((cpuSeconds(pid) - then) * 1e6) / units])) }
}
