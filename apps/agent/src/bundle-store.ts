import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { RUN_API } from '@towline/contract/run-api'
import type { LaunchFailure } from '@towline/contract/run-spec'
import { LaunchError } from '@towline/launchers/launcher'

export type BundleStore = {
  /** A local file with exactly this content. Throws LaunchError CodeUnavailable. */
  fetch(wanted: { sha256: string; sizeBytes: number; token: string }, signal: AbortSignal): Promise<string>
}

const TRIES = 3
const KEEP_FILES = 200

const unavailable = (message: string, evidence: string): LaunchError =>
  new LaunchError({ reason: 'CodeUnavailable', message, evidence } satisfies LaunchFailure)

/** Code by content: fetched once for each SHA-256, checked before it may be used, put in place by a rename. */
export const createBundleStore = ({ folder, url }: { folder: string; url: string }): BundleStore => {
  const underWay = new Map<string, Promise<string>>()

  const download = async (
    { sha256, sizeBytes, token }: { sha256: string; sizeBytes: number; token: string },
    path: string,
  ): Promise<string> => {
    await mkdir(folder, { recursive: true })
    const content = await get(`${url}${RUN_API.bundle}`, token, sizeBytes)
    const actual = createHash('sha256').update(content).digest('hex')
    if (actual !== sha256)
      throw unavailable('The code that was downloaded is not the code that was registered.', `expected SHA-256 ${sha256}, got ${actual}`)
    const fresh = `${path}.${process.pid}.new`
    const handle = await open(fresh, 'w', 0o600)
    try {
      await handle.writeFile(content)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(fresh, path)
    await trim(folder, path)
    return path
  }

  return {
    fetch: async (wanted, signal) => {
      const path = join(folder, `${wanted.sha256}.mjs`)
      const now = new Date()
      const present = await stat(path).then(
        (found) => found.size === wanted.sizeBytes,
        () => false,
      )
      if (present) {
        await utimes(path, now, now)
        return path
      }
      let running = underWay.get(wanted.sha256)
      if (!running) {
        running = download(wanted, path).finally(() => underWay.delete(wanted.sha256))
        underWay.set(wanted.sha256, running)
      }
      return abortable(running, signal)
    },
  }
}

const get = async (url: string, token: string, sizeBytes: number): Promise<Buffer> => {
  let last = ''
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(60_000) })
      if (response.ok) {
        const content = Buffer.from(await response.arrayBuffer())
        if (content.length === sizeBytes) return content
        last = `expected ${sizeBytes} bytes, got ${content.length}`
      } else {
        last = `HTTP ${response.status}: ${(await response.text()).slice(0, 2000)}`
        if (response.status < 500) break
      }
    } catch (error) {
      last = error instanceof Error ? `${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}` : String(error)
    }
    if (attempt < TRIES) await new Promise((resolve) => setTimeout(resolve, 500 * attempt))
  }
  throw unavailable('The code of the deployment could not be downloaded from the gateway.', last)
}

const abortable = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })

/** The files that were used least lately go; whoever still needs one fetches it again. */
const trim = async (folder: string, justWritten: string): Promise<void> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.mjs'))
  if (names.length <= KEEP_FILES) return
  const files = await Promise.all(names.map(async (name) => ({ path: join(folder, name), at: (await stat(join(folder, name))).mtimeMs })))
  files.sort((a, b) => a.at - b.at)
  for (const { path } of files.slice(0, files.length - KEEP_FILES)) if (path !== justWritten) await rm(path, { force: true })
}
