import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { apiUrl, sdkTarballUrl } from '../config.ts'
import { projectJsonSchema } from '../deploy/project-json-schema.ts'
import type { Io } from '../output/io.ts'
import { flowFile, gitignoreFile, packageFile, projectFile, tsconfigFile } from './init-files.ts'

interface Options {
  yes?: boolean
  pool?: string
  install: boolean
}

/** The pool that a first deployment can use; the file can say another later. */
const suggestPool = async (): Promise<string> => {
  try {
    const pools = await connect().api.pools.list.query(undefined, { signal: AbortSignal.timeout(3000) })
    return (pools.find((pool) => pool.agentsOnline > 0) ?? pools[0])?.name ?? 'default'
  } catch {
    // Nobody is signed in yet, or the control plane is away: the project can be made without it.
    return 'default'
  }
}

const ask = async (pool: string): Promise<string> => {
  const prompts = await import('@clack/prompts')
  const answer = await prompts.text({ message: 'Which work pool should its runs go to?', initialValue: pool, output: process.stderr })
  if (prompts.isCancel(answer)) throw new CliError('nothing was made')
  return answer.trim() || pool
}

const npmInstall = (directory: string): Promise<boolean> =>
  new Promise((done) => {
    const child = spawn('npm', ['install', '--no-fund', '--no-audit', '--loglevel=error'], {
      cwd: directory,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    })
    child.once('error', () => done(false))
    child.once('close', (code) => done(code === 0))
  })

const projectName = (directory: string): string =>
  basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || 'flows'

/** Writes what is not there yet; nothing of the user's is overwritten, package.json only gains what is missing. */
const writeFiles = (io: Io, directory: string, files: Record<string, string | null>): string[] => {
  const written: string[] = []
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name)
    if (content === null || (existsSync(path) && name !== 'package.json')) continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    written.push(name)
    io.line(`${io.paint('+', '32')} ${relative(process.cwd(), path) || name}`)
  }
  return written
}

export const run = async ({ args: [target = '.'], options, io }: CommandInput<Options>): Promise<void> => {
  const directory = resolve(target)
  if (existsSync(join(directory, 'towline.yaml')))
    throw new CliError(`${join(directory, 'towline.yaml')} is there already`, { remedy: 'towline deploy' })
  const asks = !options.yes && process.stdin.isTTY && process.stderr.isTTY
  const suggested = options.pool ?? (await suggestPool())
  const pool = options.pool ?? (asks ? await ask(suggested) : suggested)
  mkdirSync(directory, { recursive: true })
  const isEmpty = readdirSync(directory).length === 0
  const packagePath = join(directory, 'package.json')
  const known = existsSync(packagePath) ? readFileSync(packagePath, 'utf8') : null
  const files = writeFiles(io, directory, {
    'package.json': packageFile(known, projectName(directory), sdkTarballUrl(apiUrl())),
    'towline.yaml': projectFile(pool),
    'flows/greetings.ts': flowFile,
    'tsconfig.json': tsconfigFile,
    '.gitignore': isEmpty ? gitignoreFile : null,
    '.towline/towline.schema.json': `${JSON.stringify(projectJsonSchema(), null, 2)}\n`,
  })
  let installed = false
  if (options.install) {
    io.note('installing the SDK…')
    installed = await npmInstall(directory)
    if (!installed) io.note(`npm install failed; run it again in ${directory}`)
  }
  io.json({ directory, files, pool, installed })
  const into = relative(process.cwd(), directory)
  io.note(
    io.dim(`next: ${into ? `cd ${into} && ` : ''}${installed ? '' : 'npm install && '}towline deploy && towline run greetings --watch`),
  )
}
