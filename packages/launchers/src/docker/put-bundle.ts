import { readFile } from 'node:fs/promises'
import type Docker from 'dockerode'
import { pack } from 'tar-stream'
import { bundleTarget } from './container-options.ts'

/** Through the engine's API, so that it works with engines on other machines too, where no path of ours can be mounted. */
export const putBundle = async (container: Docker.Container, bundlePath: string, signal: AbortSignal): Promise<void> => {
  const archive = pack()
  // Readable for whatever user the image runs as.
  archive.entry({ name: bundleTarget(bundlePath), mode: 0o444 }, await readFile(bundlePath))
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk)
  await container.putArchive(Buffer.concat(chunks), { path: '/', abortSignal: signal })
}
