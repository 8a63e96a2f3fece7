import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { arch, availableParallelism, hostname, platform, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import type { Logger } from '@towline/service/logger'
import { LaunchError, type LaunchEvents, type Launcher, type LauncherCheck, type LaunchJob, type RunningJob } from '../launcher.ts'
import { SingleFlight } from '../single-flight.ts'
import { refuseUnusableText } from '../unusable-text.ts'
import {
  type AttemptRecord,
  attemptName,
  attemptsRoot,
  createAttemptDirectory,
  isCode,
  listAttemptDirectories,
  readRecord,
  removeOldDrafts,
} from './attempt-directory.ts'
import { countOomKills } from './out-of-memory.ts'
import { ProcessJob } from './process-job.ts'
import { commandOf, environmentOf, workingDirectoryOf } from './resolve-command.ts'
import { WRAPPER } from './wrapper.ts'

const SHELL = '/bin/sh'

type ProcessLauncherOptions = { agentId: string; dataDir: string; log: Logger }

/**
 * Runs attempts as processes of the agent's user, each in its own process group and directory. They do not notice when the
 * agent dies or restarts: output and exit code go to files, from which any later agent on the same data directory reads them.
 */
export class ProcessLauncher implements Launcher {
  readonly poolType = 'process'
  readonly #agentId: string
  readonly #root: string
  readonly #log: Logger
  readonly #jobs = new Map<string, ProcessJob>()
  readonly #starting = new SingleFlight<ProcessJob>()

  constructor({ agentId, dataDir, log }: ProcessLauncherOptions) {
    this.#agentId = agentId
    this.#root = attemptsRoot(resolve(dataDir))
    this.#log = log
  }

  async check(): Promise<LauncherCheck> {
    if (process.platform === 'win32')
      return { ok: false, reason: 'Process pools need a POSIX system. Run the agent in WSL, or serve a docker pool.' }
    try {
      accessSync(SHELL, constants.X_OK)
      await mkdir(this.#root, { recursive: true })
      accessSync(this.#root, constants.W_OK)
      await removeOldDrafts(this.#root, Date.now())
    } catch (error) {
      return {
        ok: false,
        reason: `The agent cannot start processes: ${messageOf(error)}. Give its user a writable data directory (--data-dir) and ${SHELL}.`,
      }
    }
    return {
      ok: true,
      facts: {
        host: hostname(),
        os: platform(),
        arch: arch(),
        cpus: availableParallelism(),
        memoryMb: Math.round(totalmem() / 1_048_576),
        node: process.version,
      },
    }
  }

  async launch(job: LaunchJob, _events: LaunchEvents, signal: AbortSignal): Promise<RunningJob> {
    signal.throwIfAborted()
    const directory = join(this.#root, attemptName(job.spec))
    return await this.#starting.run(directory, () => this.#launch(job, directory))
  }

  async list(): Promise<RunningJob[]> {
    const found: RunningJob[] = []
    for (const directory of await listAttemptDirectories(this.#root)) {
      const job = this.#starting.has(directory) ? null : await this.#adopt(directory)
      if (job !== null) found.push(job)
    }
    return found
  }

  async #launch(job: LaunchJob, directory: string): Promise<ProcessJob> {
    const ref = { runId: job.spec.runId, attempt: job.spec.attempt }
    const env = environmentOf(job)
    const cwd = workingDirectoryOf(job)
    const command = commandOf(job, env, cwd)
    refuseUnusableText(env, command)
    const record: AttemptRecord = {
      agentId: this.#agentId,
      ...ref,
      infrastructure: {
        type: 'process',
        host: hostname(),
        directory: cwd ?? join(directory, 'work'),
        command: command.join(' ').slice(0, 1000),
      },
      createdAt: Date.now(),
      oomKills: await countOomKills(),
    }
    if (!(await createAttemptDirectory(this.#root, record))) return await this.#adoptExisting(directory)
    try {
      return await this.#start({ directory, record, command, env, cwd: cwd ?? join(directory, 'work') })
    } catch (error) {
      await rm(directory, { recursive: true, force: true })
      throw startFailure(error)
    }
  }

  async #start(start: {
    directory: string
    record: AttemptRecord
    command: string[]
    env: Record<string, string>
    cwd: string
  }): Promise<ProcessJob> {
    const child = spawn(SHELL, ['-c', WRAPPER, 'sh', start.directory, ...start.command], {
      cwd: start.cwd,
      env: start.env,
      detached: true,
      stdio: 'ignore',
    })
    await new Promise<void>((done, fail) => {
      child.once('spawn', done)
      child.once('error', fail)
    })
    child.unref()
    start.record.infrastructure.pid = child.pid ?? 0
    const job = this.#hold(start.directory, start.record)
    child.once('exit', () => job.noticeChange())
    return job
  }

  async #adoptExisting(directory: string): Promise<ProcessJob> {
    const job = await this.#adopt(directory)
    if (job !== null) return job
    throw new LaunchError({
      reason: 'Unknown',
      message:
        'The directory of this attempt exists already and belongs to another agent. Give each agent its own data directory (--data-dir).',
      evidence: directory,
    })
  }

  /** Null: not ours. */
  async #adopt(directory: string): Promise<ProcessJob | null> {
    const held = this.#jobs.get(directory)
    if (held !== undefined) return held
    const record = await readRecord(directory)
    if (record === null)
      this.#log.warn({ directory }, 'this directory holds no readable record of an attempt; remove it if you did not put it there')
    if (record === null || record.agentId !== this.#agentId) return null
    return this.#jobs.get(directory) ?? this.#hold(directory, record)
  }

  #hold(directory: string, record: AttemptRecord): ProcessJob {
    const job = new ProcessJob({ directory, record, onRemoved: () => this.#jobs.delete(directory) })
    this.#jobs.set(directory, job)
    return job
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const startFailure = (error: unknown): LaunchError => {
  const evidence = messageOf(error)
  const failure = isCode(error, 'E2BIG')
    ? {
        reason: 'ConfigInvalid' as const,
        message: 'The environment and the command together are longer than the operating system takes. Pass large values by reference.',
      }
    : isCode(error, 'EAGAIN', 'ENOMEM', 'EMFILE', 'ENOSPC')
      ? {
          reason: 'Quota' as const,
          message: 'The machine of the agent has no room for another process. Lower the capacity of the agent, or raise its limits.',
        }
      : { reason: 'Unknown' as const, message: `The process could not be started: ${evidence}` }
  return new LaunchError({ ...failure, evidence }, { cause: error })
}
