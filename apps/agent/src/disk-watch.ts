import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@towline/service/logger'

type Owing = { mend(): Promise<void> }
type WatchOptions = { folder: string; log: Logger; onChange(): void; checkMs?: number }

const CHECK_MS = 3000
/** What must fit before runs are taken again: several assignments with their reports. */
const PROBE_BYTES = 1024 * 1024

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? ''

/** ENOSPC: no space; EDQUOT: none for this user; EFBIG: a limit on files of this process. */
export const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error))

/**
 * Can the agent's folder be written? What could not be written stays in memory and is sent all the same; here it is said once, no new runs are taken
 * (they could not start), and all is brought to disk when there is space again. Only an agent that ends before that forgets something.
 */
export class DiskWatch {
  /** Null: as far as we know it can. */
  problem: string | null = null
  private readonly owing = new Set<Owing>()
  private timer: NodeJS.Timeout | null = null

  constructor(private readonly options: WatchOptions) {}

  /** A write failed; `spool` has in memory what is missing. */
  note(error: unknown, spool?: Owing): void {
    if (spool) this.owing.add(spool)
    if (this.problem !== null) return
    const { folder, log, onChange } = this.options
    this.problem = isDiskFull(error)
      ? `the disk of ${folder} is full (${codeOf(error)})`
      : `${folder} cannot be written (${codeOf(error) || (error instanceof Error ? error.message : String(error))})`
    log.error(
      { problem: this.problem },
      'Reports are kept in memory and no new runs are taken until the folder of the agent can be written again; runs go on',
    )
    onChange()
    this.checkLater()
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer)
  }

  private checkLater(): void {
    this.timer = setTimeout(() => void this.check(), this.options.checkMs ?? CHECK_MS)
    this.timer.unref()
  }

  private async check(): Promise<void> {
    try {
      for (const spool of this.owing) {
        await spool.mend()
        this.owing.delete(spool)
      }
      const probe = join(this.options.folder, 'probe')
      await writeFile(probe, Buffer.alloc(PROBE_BYTES)).finally(() => rm(probe, { force: true }))
    } catch {
      return this.checkLater()
    }
    this.problem = null
    this.options.log.info('The folder of the agent can be written again: nothing is missing, and runs are taken')
    this.options.onChange()
  }
}
