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

/** Whose CPU is counted. PostgreSQL is a process for each connection, all children of one. */
export type Counted = { pid: number; children?: boolean }

/** Unlike times, these seconds hold on a machine that others use too. NaN where there is no /proc. */
export const cpuSeconds = ({ pid, children = false }: Counted): number => {
  const own = usageOf(pid)
  if (own === null) return Number.NaN
  if (!children) return own.own
  const family = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(usageOf)
    .filter((usage) => usage?.parent === pid)
  return own.own + own.reaped + family.reduce((sum, usage) => sum + (usage?.own ?? 0), 0)
}

/** Microseconds of CPU for each unit of work, by process. */
export const measureCpu = async <T>(
  counted: Record<string, Counted>,
  units: number,
  work: () => Promise<T>,
): Promise<{ result: T; cpuMicros: Record<string, number> }> => {
  const before = Object.entries(counted).map(([name, who]) => [name, who, cpuSeconds(who)] as const)
  const result = await work()
  return { result, cpuMicros: Object.fromEntries(before.map(([name, who, then]) => [name, ((cpuSeconds(who) - then) * 1e6) / units])) }
}
