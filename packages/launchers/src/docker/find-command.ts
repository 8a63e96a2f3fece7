import { posix } from 'node:path'
import type Docker from 'dockerode'
import { LaunchError } from '../launcher.ts'
import { hasStatus } from './engine-failure.ts'

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** Go's file mode: the low nine bits are Unix permissions, the top one says directory. */
const EXECUTE_BITS = 0o111
const DIRECTORY_BIT = 2 ** 31
const SYMLINK_BIT = 2 ** 27

/** Programs that were found, by image: the same deployment is launched thousands of times. */
const found = new Set<string>()

type Search = { container: Docker.Container; facts: Docker.ContainerInspectInfo; image: string; signal: AbortSignal }

/**
 * With the engine's init as process 1, a missing program is no error of the start any more: init starts and exits 127, which
 * looks like a failure of the user's own code. So it is looked for in the created container, before the start.
 */
export const findCommand = async ({ container, facts, image, signal }: Search): Promise<void> => {
  const program = facts.Path
  const environment = facts.Config.Env ?? []
  const path = environment.findLast((entry) => entry.startsWith('PATH='))?.slice('PATH='.length) ?? DEFAULT_PATH
  const cacheable = !facts.HostConfig.Binds?.length
  const key = [facts.Image, facts.Config.WorkingDir, path, program].join('\0')
  if (cacheable && found.has(key)) return
  const candidates = program.includes('/')
    ? [posix.resolve(facts.Config.WorkingDir || '/', program)]
    : path
        .split(':')
        .filter(Boolean)
        .map((directory) => posix.join(directory, program))
  let notExecutable: string | null = null
  for (const candidate of candidates) {
    const mode = await modeOf(container, candidate, signal)
    if (mode === null || mode >= DIRECTORY_BIT) continue
    if ((mode & EXECUTE_BITS) !== 0 || (mode & SYMLINK_BIT) !== 0) {
      if (cacheable) remember(key)
      return
    }
    notExecutable ??= candidate
  }
  throw new LaunchError({
    reason: 'CommandNotFound',
    message:
      notExecutable === null
        ? `The image ${image} has no program "${program}". Correct the command, or use an image that has it.`
        : `${notExecutable} in the image ${image} is not executable. Run chmod +x on it in the image, or name its interpreter in the command.`,
    evidence: notExecutable === null ? `${program}: not found (looked for ${candidates.join(', ')})` : `EACCES: ${notExecutable}`,
  })
}

const remember = (key: string): void => {
  if (found.size > 1000) found.clear()
  found.add(key)
}

/** Null: there is nothing of that name. */
const modeOf = async (container: Docker.Container, path: string, signal: AbortSignal): Promise<number | null> => {
  try {
    const answer: { headers: Record<string, string | undefined>; resume(): void } = await container.infoArchive({
      path,
      abortSignal: signal,
    })
    answer.resume()
    const stat: { mode?: unknown } = JSON.parse(
      Buffer.from(answer.headers['x-docker-container-path-stat'] ?? '', 'base64').toString('utf8') || '{}',
    )
    return typeof stat.mode === 'number' ? stat.mode : EXECUTE_BITS
  } catch (error) {
    // 400: a part of the path is a file, not a directory.
    if (hasStatus(error, 404, 400)) return null
    throw error
  }
}
