import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AttemptRef } from '@towline/contract/frames'
import { idSchema } from '@towline/contract/ids'
import { infrastructureSchema } from '@towline/contract/run-spec'
import { z } from 'zod'

/**
 * What is kept of an attempt on disk, so that a later agent finds everything again:
 * `job.json` (there from the first moment), `pid` (written by the wrapper before it starts the command; whoever creates it
 * decides whether the command ever runs), `room` (space for what the wrapper writes: without it nothing is launched), `stdout`, `stderr`, `killed` (we sent SIGKILL), `exit` (written by the wrapper).
 */
const recordSchema = z.object({
  agentId: z.string(),
  runId: idSchema,
  attempt: z.int().positive(),
  infrastructure: infrastructureSchema,
  createdAt: z.number(),
  /** The kernel's count of out-of-memory kills at the start; null where there is none. */
  oomKills: z.number().nullable(),
})
export type AttemptRecord = z.infer<typeof recordSchema>

/** A block for each of the wrapper's files, whatever the file system, and some more. */
const ROOM = Buffer.alloc(16 * 1024, ' ')

export const attemptsRoot = (dataDir: string): string => join(dataDir, 'attempts')
export const attemptName = (ref: AttemptRef): string => `${ref.runId}-${ref.attempt}`

/** Creates the directory with its record in one step. False: it exists already. */
export const createAttemptDirectory = async (root: string, record: AttemptRecord): Promise<boolean> => {
  await mkdir(root, { recursive: true })
  const draft = await mkdtemp(join(root, '.draft-'))
  try {
    await mkdir(join(draft, 'work'))
    await Promise.all([
      writeFile(join(draft, 'job.json'), JSON.stringify(record)),
      writeFile(join(draft, 'room'), ROOM),
      writeFile(join(draft, 'stdout'), ''),
      writeFile(join(draft, 'stderr'), ''),
    ])
    await rename(draft, join(root, attemptName(record)))
    return true
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (isCode(error, 'ENOTEMPTY', 'EEXIST')) return false
    throw error
  }
}

/** Null: there is none, or it cannot be read as ours. */
export const readRecord = async (directory: string): Promise<AttemptRecord | null> => {
  const text = await readOptional(join(directory, 'job.json'))
  if (text === null) return null
  try {
    return recordSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

export const listAttemptDirectories = async (root: string): Promise<string[]> => {
  try {
    const names = await readdir(root)
    return names.filter((name) => !name.startsWith('.')).map((name) => join(root, name))
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw error
  }
}

/** Drafts of an agent that was killed while it wrote one. */
export const removeOldDrafts = async (root: string, now: number): Promise<void> => {
  const names = await readdir(root).catch(() => [])
  for (const name of names.filter((entry) => entry.startsWith('.draft-'))) {
    const path = join(root, name)
    const age = now - ((await stat(path).catch(() => null))?.mtimeMs ?? now)
    if (age > 60_000) await rm(path, { recursive: true, force: true })
  }
}

/** The exit code that the wrapper wrote, complete with its newline, and when. */
export const readExit = async (directory: string): Promise<{ code: number; endedAt: number } | null> => {
  const path = join(directory, 'exit')
  const text = await readOptional(path)
  if (text === null || !/^\d+\n *$/.test(text)) return null
  return { code: Number.parseInt(text, 10), endedAt: Math.round((await stat(path)).mtimeMs) }
}

export const readOptional = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ESRCH')) return null
    throw error
  }
}

export const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))
