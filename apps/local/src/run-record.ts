import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processBirth } from './process-identity.ts'
import { Refusal } from './refusal.ts'

type Member = { name: string; pid: number; birth: string }
type Record = { supervisor: Member; port: number; children: Member[] }

/**
 * Who runs in this data folder, kept in a file: one supervisor at a time, and what an earlier one left behind when it
 * was killed is ended before the next begins.
 */
export class RunRecord {
  readonly #path: string
  readonly #record: Record

  private constructor(path: string, record: Record) {
    this.#path = path
    this.#record = record
    this.#write()
  }

  static async open(dataDir: string, port: number): Promise<RunRecord> {
    const path = join(dataDir, 'processes.json')
    const earlier = read(path)
    if (earlier && lives(earlier.supervisor)) {
      const { supervisor, port: earlierPort } = earlier
      throw new Refusal(
        `Towline already runs here (pid ${supervisor.pid}, http://localhost:${earlierPort}). Stop it first, or set TOWLINE_DATA_DIR to another folder.`,
      )
    }
    await endAll((earlier?.children ?? []).filter(lives))
    return new RunRecord(path, { supervisor: member('supervisor', process.pid), port, children: [] })
  }

  add(name: string, pid: number): void {
    this.#record.children = [...this.#record.children.filter((child) => child.name !== name), member(name, pid)]
    this.#write()
  }

  close(): void {
    rmSync(this.#path, { force: true })
  }

  #write(): void {
    writeFileSync(this.#path, JSON.stringify(this.#record, null, 2))
  }
}

const member = (name: string, pid: number): Member => ({ name, pid, birth: processBirth(pid) ?? '' })
const lives = ({ pid, birth }: Member): boolean => birth !== '' && processBirth(pid) === birth

const read = (path: string): Record | null => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record
  } catch {
    return null
  }
}

/** SIGTERM, and SIGKILL for whoever is still there after three seconds. */
const endAll = async (orphans: Member[]): Promise<void> => {
  for (const orphan of orphans) signal(orphan, 'SIGTERM')
  const until = Date.now() + 3000
  while (orphans.some(lives) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
  for (const orphan of orphans.filter(lives)) signal(orphan, 'SIGKILL')
}

const signal = ({ pid }: Member, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {
    // It ended in between.
  }
}
