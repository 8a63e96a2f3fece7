import { type FileHandle, open, readdir, readFile, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { type AgentFrame, type AttemptRef, agentFrameSchema, type FrameOf } from '@towline/contract/frames'
import { runSpecSchema } from '@towline/contract/run-spec'
import { z } from 'zod'

export type Report = FrameOf<AgentFrame, 'run.status.v1'>
export const stopCauseSchema = z.enum(['cancel', 'timeout', 'fenced'])
export type StopCause = z.infer<typeof stopCauseSchema>

const reportSchema = z.custom<Report>((value) => {
  const parsed = agentFrameSchema.safeParse(value)
  return parsed.success && parsed.data.type === 'run.status.v1'
})

const entrySchema = z.discriminatedUnion('k', [
  z.object({ k: z.literal('assigned'), spec: runSpecSchema, token: z.string() }),
  z.object({ k: z.literal('confirmed') }),
  z.object({ k: z.literal('started'), at: z.number() }),
  z.object({ k: z.literal('report'), report: reportSchema }),
  z.object({ k: z.literal('acked'), reportId: z.string() }),
  z.object({ k: z.literal('logs'), stream: z.enum(['stdout', 'stderr']), seq: z.int().nonnegative() }),
  /** Why the agent ends the process, so that an agent that is started again still knows. */
  z.object({ k: z.literal('stop'), cause: stopCauseSchema }),
  /** What compaction keeps of reports that were acknowledged. */
  z.object({ k: z.literal('sum'), reportCount: z.int(), ended: z.boolean() }),
])
export type SpoolEntry = z.infer<typeof entrySchema>

/** What the file of one attempt says. */
export type AttemptRecord = {
  assigned: Extract<SpoolEntry, { k: 'assigned' }> | null
  confirmed: boolean
  startedAt: number | null
  /** Not acknowledged, oldest first. */
  reports: Report[]
  reportCount: number
  /** A report that says that it is over was written. */
  ended: boolean
  logs: { stdout: number; stderr: number }
  stopCause: StopCause | null
}

export const emptyRecord = (): AttemptRecord => ({
  assigned: null,
  confirmed: false,
  startedAt: null,
  reports: [],
  reportCount: 0,
  ended: false,
  logs: { stdout: 0, stderr: 0 },
  stopCause: null,
})

export const isEnd = ({ status: { kind } }: Report): boolean => kind !== 'launching' && kind !== 'started'

const apply = (record: AttemptRecord, entry: SpoolEntry): void => {
  if (entry.k === 'assigned') record.assigned = entry
  else if (entry.k === 'confirmed') record.confirmed = true
  else if (entry.k === 'started') record.startedAt = entry.at
  else if (entry.k === 'stop') record.stopCause ??= entry.cause
  else if (entry.k === 'logs') record.logs[entry.stream] = Math.max(record.logs[entry.stream], entry.seq)
  else if (entry.k === 'acked') record.reports = record.reports.filter((report) => report.reportId !== entry.reportId)
  else if (entry.k === 'sum') {
    record.reportCount = entry.reportCount
    record.ended = entry.ended
  } else {
    record.reports.push(entry.report)
    record.reportCount += 1
    record.ended ||= isEnd(entry.report)
  }
}

/** The entries that say the same as the record, for a file that has grown. */
const entriesOf = (record: AttemptRecord): SpoolEntry[] => [
  ...(record.assigned ? [record.assigned] : []),
  ...(record.confirmed ? [{ k: 'confirmed' as const }] : []),
  ...(record.startedAt === null ? [] : [{ k: 'started' as const, at: record.startedAt }]),
  ...(record.stopCause ? [{ k: 'stop' as const, cause: record.stopCause }] : []),
  ...record.reports.map((report) => ({ k: 'report' as const, report })),
  { k: 'sum', reportCount: record.reportCount, ended: record.ended },
  { k: 'logs', stream: 'stdout', seq: record.logs.stdout },
  { k: 'logs', stream: 'stderr', seq: record.logs.stderr },
]

const COMPACT_BYTES = 256 * 1024
/** An assignment is at most some 70 KiB; a file never needs more than this. */
const MAX_LINE_BYTES = 4 * 1024 * 1024

const fileOf = (folder: string, ref: AttemptRef): string => join(folder, `${ref.runId}.${ref.attempt}.jsonl`)
const lineOf = (entry: SpoolEntry): string => `${JSON.stringify(entry)}\n`

/**
 * The disk's memory of one attempt: one append-only file of JSON lines. What must survive a crash of the machine (reports of an end)
 * is synced before anybody hears of it; the rest survives a crash of the agent. Appends keep their order.
 */
export class AttemptSpool {
  private handle: FileHandle | null = null
  private bytes: number
  private tail: Promise<void> = Promise.resolve()
  private gone = false
  /** A write failed: the file may end in half a line, and lacks what the record has. It is written anew before anything is appended. */
  private torn = false

  constructor(
    private readonly folder: string,
    readonly ref: AttemptRef,
    readonly record: AttemptRecord = emptyRecord(),
    bytes = 0,
  ) {
    this.bytes = bytes
  }

  append(entry: SpoolEntry, { sync = false } = {}): Promise<void> {
    apply(this.record, entry)
    return this.inOrder(async () => {
      if (this.torn) return this.compact()
      const line = lineOf(entry)
      try {
        this.handle ??= await open(fileOf(this.folder, this.ref), 'a', 0o600)
        await this.handle.appendFile(line)
        if (sync) await this.handle.datasync()
      } catch (error) {
        this.torn = true
        throw error
      }
      this.bytes += line.length
      if (this.bytes > COMPACT_BYTES && this.bytes > 4 * (this.record.assigned ? JSON.stringify(this.record.assigned).length : 0))
        await this.compact()
    })
  }

  /** Brings to disk what could not be written. */
  mend(): Promise<void> {
    return this.inOrder(async () => {
      if (this.torn) await this.compact()
    })
  }

  /** Nothing is owed any more. */
  forget(): Promise<void> {
    return this.inOrder(async () => {
      this.gone = true
      await this.close()
      await rm(fileOf(this.folder, this.ref), { force: true })
    })
  }

  /** For the end of the process: the file stays. */
  park(): Promise<void> {
    return this.inOrder(() => this.close())
  }

  private async compact(): Promise<void> {
    const file = fileOf(this.folder, this.ref)
    const text = entriesOf(this.record).map(lineOf).join('')
    const fresh = await open(`${file}.new`, 'w', 0o600)
    try {
      await fresh.writeFile(text)
      await fresh.datasync()
      await rename(`${file}.new`, file)
    } catch (error) {
      await fresh.close().catch(() => undefined)
      await rm(`${file}.new`, { force: true })
      throw error
    }
    await this.close()
    this.handle = fresh
    this.bytes = text.length
    this.torn = false
  }

  private async close(): Promise<void> {
    const { handle } = this
    this.handle = null
    await handle?.close()
  }

  private inOrder(work: () => Promise<void>): Promise<void> {
    const result = this.tail.then(() => (this.gone ? undefined : work()))
    this.tail = result.catch(() => undefined)
    return result
  }
}

/** Reads what an earlier process left. A torn or foreign line ends a file: it and what follows is cut off. */
export const readSpools = async (folder: string): Promise<AttemptSpool[]> => {
  const names = await readdir(folder)
  const spools: AttemptSpool[] = []
  for (const name of names) {
    const match = /^([0-9a-f-]{36})\.(\d+)\.jsonl$/.exec(name)
    const path = join(folder, name)
    if (!match?.[1] || !match[2]) {
      if (name.endsWith('.new')) await rm(path, { force: true })
      continue
    }
    const { record, goodBytes, totalBytes } = readRecord(await readFile(path))
    if (goodBytes < totalBytes) await truncate(path, goodBytes)
    spools.push(new AttemptSpool(folder, { runId: match[1], attempt: Number(match[2]) }, record, goodBytes))
  }
  return spools
}

export const readRecord = (content: Buffer): { record: AttemptRecord; goodBytes: number; totalBytes: number } => {
  const record = emptyRecord()
  let goodBytes = 0
  for (;;) {
    const end = content.indexOf(10, goodBytes)
    if (end < 0 || end - goodBytes > MAX_LINE_BYTES) break
    const entry = readEntry(content.toString('utf8', goodBytes, end))
    if (!entry) break
    apply(record, entry)
    goodBytes = end + 1
  }
  return { record, goodBytes, totalBytes: content.length }
}

const readEntry = (line: string): SpoolEntry | null => {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
