import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { LaunchError, type LaunchJob } from '../launcher.ts'

/** Taken from the agent's own environment; everything else of it (its key above all) stays with the agent. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'TZ', 'USER', 'LOGNAME', 'SHELL', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']

export const environmentOf = (job: LaunchJob): Record<string, string> => {
  const inherited = INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return { ...Object.fromEntries(inherited), ...job.env }
}

/** Null: the run gets a fresh directory of its own. */
export const workingDirectoryOf = (job: LaunchJob): string | null => {
  const { workingDirectory } = job.spec.variables
  if (workingDirectory === undefined) return null
  const path = resolve(workingDirectory)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) return path
  throw new LaunchError({
    reason: 'ConfigInvalid',
    message: `The working directory ${path} does not exist on the machine of the agent. Create it, or change workingDirectory of the deployment or the pool.`,
    evidence: found === undefined ? `ENOENT: no such directory ${path}` : `ENOTDIR: ${path} is not a directory`,
  })
}

/** The program as an absolute path, and its arguments. */
export const commandOf = (job: LaunchJob, env: Record<string, string>, cwd: string | null): string[] => {
  const { code, variables } = job.spec
  if (code.kind === 'image') {
    throw new LaunchError({
      reason: 'ConfigInvalid',
      message:
        'This deployment brings an image, and a process pool runs no images. Deploy it to a docker pool, or deploy it as a bundle or a command.',
      evidence: `image ${code.image}`,
    })
  }
  if (code.kind === 'bundle') {
    if (job.bundlePath === null) {
      throw new LaunchError({
        reason: 'CodeUnavailable',
        message: 'The code bundle is not on the machine of the agent.',
        evidence: `sha256 ${code.sha256}`,
      })
    }
    const heap = variables.memoryMb === undefined ? [] : [`--max-old-space-size=${variables.memoryMb}`]
    return [process.execPath, ...heap, job.bundlePath]
  }
  const [program = '', ...rest] = code.command
  return [resolveProgram(program, env, cwd), ...rest]
}

const resolveProgram = (program: string, env: Record<string, string>, cwd: string | null): string => {
  const path = env.PATH ?? ''
  const candidates = program.includes('/')
    ? [isAbsolute(program) ? program : resolve(cwd ?? '.', program)]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((directory) => join(directory, program))
  let notExecutable: string | null = null
  for (const candidate of candidates) {
    if (!statSync(candidate, { throwIfNoEntry: false })?.isFile()) continue
    if (isExecutable(candidate)) return candidate
    notExecutable ??= candidate
  }
  if (notExecutable !== null) {
    throw new LaunchError({
      reason: 'CommandNotFound',
      message: `${notExecutable} is not executable. Run chmod +x on it, or name its interpreter in the command.`,
      evidence: `EACCES: ${notExecutable}`,
    })
  }
  throw new LaunchError({
    reason: 'CommandNotFound',
    message: `There is no program "${program}" on the machine of the agent. Install it there, or correct the command of the deployment.`,
    evidence: program.includes('/') ? `ENOENT: ${candidates.join(', ')}` : `${program}: not found in PATH=${path}`,
  })
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
