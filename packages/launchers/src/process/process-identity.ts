import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { promisify } from 'node:util'
import { readOptional } from './attempt-directory.ts'

const execute = promisify(execFile)
const hasProc = process.platform === 'linux'

type ProcessFacts = { pid: number; group: number; zombie: boolean; startTime: string }

/** Field 22 of /proc/<pid>/stat (clock ticks since boot): with the pid it names a process for as long as the machine is up. */
export const parseProcStat = (text: string): Omit<ProcessFacts, 'pid'> | null => {
  // The second field is the name in brackets and may hold spaces and brackets itself.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ')
  const [state, , group] = fields
  const startTime = fields[19]
  if (state === undefined || group === undefined || startTime === undefined) return null
  return { group: Number(group), zombie: state === 'Z' || state === 'X', startTime }
}

const factsOf = async (pid: number): Promise<ProcessFacts | null> => {
  if (hasProc) {
    const text = await readOptional(`/proc/${pid}/stat`)
    const facts = text === null ? null : parseProcStat(text)
    return facts === null ? null : { pid, ...facts }
  }
  return (await processTable(['-p', String(pid)]))[0] ?? null
}

/** `ps` where there is no /proc (macOS, BSD). */
const processTable = async (selection: string[]): Promise<ProcessFacts[]> => {
  const { stdout } = await execute('ps', ['-o', 'pid=,pgid=,stat=,lstart=', ...selection]).catch(() => ({ stdout: '' }))
  return stdout.split('\n').flatMap((line) => {
    const [pid, group, state, ...startTime] = line.trim().split(/\s+/)
    if (pid === undefined || group === undefined || state === undefined) return []
    return [{ pid: Number(pid), group: Number(group), zombie: state.startsWith('Z'), startTime: startTime.join(' ') }]
  })
}

const allProcesses = async (): Promise<ProcessFacts[]> => {
  if (!hasProc) return await processTable(['-A'])
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  return (await Promise.all(pids.map(factsOf))).filter((facts) => facts !== null)
}

export type Identity = { pid: number; startTime: string }

/** What the wrapper wrote into `pid`: its pid and its own line of /proc, or the start time as `ps` prints it. Null: incomplete. */
export const parsePidFile = (text: string): Identity | null => {
  const [pid, line, end] = text.split('\n')
  if (pid === undefined || line === undefined || end === undefined) return null
  const startTime = hasProc ? parseProcStat(line)?.startTime : line.trim().split(/\s+/).join(' ')
  return startTime === undefined ? null : { pid: Number(pid), startTime }
}

/** A zombie, and a process that got the same number later, are not alive. */
export const isAlive = async (identity: Identity): Promise<boolean> => {
  const facts = await factsOf(identity.pid)
  return facts !== null && !facts.zombie && facts.startTime === identity.startTime
}

/** Live members of the process group. A number that now belongs to somebody else's process means that our group is gone. */
export const groupMembers = async (leader: Identity): Promise<number[]> => {
  const processes = await allProcesses()
  const holder = processes.find(({ pid }) => pid === leader.pid)
  if (holder !== undefined && holder.startTime !== leader.startTime) return []
  return processes.filter(({ group, zombie }) => group === leader.pid && !zombie).map(({ pid }) => pid)
}

/** Processes that left the group (setsid) but still carry the attempt in their environment. Linux only. */
export const processesWithEnvironment = async (entries: readonly string[]): Promise<number[]> => {
  if (!hasProc) return []
  const found: number[] = []
  for (const { pid, zombie } of await allProcesses()) {
    if (zombie || pid === process.pid) continue
    const environment = await readOptional(`/proc/${pid}/environ`).catch(() => null)
    const variables = new Set(environment?.split('\0'))
    if (entries.every((entry) => variables.has(entry))) found.push(pid)
  }
  return found
}
