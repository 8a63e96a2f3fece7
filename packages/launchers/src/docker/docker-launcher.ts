import { setTimeout } from 'node:timers/promises'
import { attemptRefSchema } from '@towline/contract/frames'
import type { Infrastructure } from '@towline/contract/run-spec'
import type { Logger } from '@towline/service/logger'
import type Docker from 'dockerode'
import { LaunchError, type LaunchEvents, type Launcher, type LauncherCheck, type LaunchJob, type RunningJob } from '../launcher.ts'
import { SingleFlight } from '../single-flight.ts'
import { refuseUnusableText } from '../unusable-text.ts'
import { commandOf, containerName, containerOptions, imageOf, LABELS } from './container-options.ts'
import { DockerJob } from './docker-job.ts'
import { openEngine, orAbort } from './engine.ts'
import { awayText, engineAddress, hasStatus, isEngineAway, type LaunchPhase, launchFailure, wordsOf } from './engine-failure.ts'
import { findCommand } from './find-command.ts'
import { pullImage } from './pull-image.ts'
import { putBundle } from './put-bundle.ts'

const CHECK_TIMEOUT_MS = 5000

type DockerLauncherOptions = { agentId: string; dataDir: string; log: Logger }

/**
 * Runs attempts as containers, one each, named by run and attempt and labelled with their agent. They do not notice when the
 * agent dies or restarts: the engine keeps output and exit code until `remove()`.
 */
export class DockerLauncher implements Launcher {
  readonly poolType = 'docker'
  readonly #agentId: string
  readonly #log: Logger
  /** By container id. */
  readonly #jobs = new Map<string, DockerJob>()
  /** By container name: what this process is about to start. */
  readonly #starting = new SingleFlight<RunningJob>()
  #engine: Promise<Docker> | null = null

  constructor({ agentId, log }: DockerLauncherOptions) {
    this.#agentId = agentId
    this.#log = log
  }

  async check(): Promise<LauncherCheck> {
    try {
      const engine = await this.#open()
      const timeout = () => AbortSignal.timeout(CHECK_TIMEOUT_MS)
      const info = await orAbort(engine.info(), timeout())
      return {
        ok: true,
        facts: {
          engine: `Docker ${info.ServerVersion}`,
          host: info.Name,
          os: info.OperatingSystem,
          arch: info.Architecture,
          cpus: info.NCPU,
          memoryMb: Math.round(info.MemTotal / 1_048_576),
          address: engineAddress(),
        },
      }
    } catch (error) {
      if (isEngineAway(error)) return { ok: false, reason: awayText(error) }
      return { ok: false, reason: `The Docker engine at ${engineAddress()} does not work: ${wordsOf(error)}. Check it with "docker info".` }
    }
  }

  launch(job: LaunchJob, events: LaunchEvents, signal: AbortSignal): Promise<RunningJob> {
    return this.#starting.run(containerName(job.spec), () => this.#launchInTime(job, events, signal))
  }

  async #launchInTime(job: LaunchJob, events: LaunchEvents, signal: AbortSignal): Promise<RunningJob> {
    signal.throwIfAborted()
    const timeout = AbortSignal.timeout(job.startTimeoutSeconds * 1000)
    const either = AbortSignal.any([signal, timeout])
    let lastNote = 'creating the container'
    const notes: LaunchEvents = {
      onLaunching: (note) => {
        lastNote = note
        events.onLaunching(note)
      },
    }
    try {
      return await this.#launch(job, notes, either)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (timeout.aborted) throw startTimeout(job, lastNote)
      throw error
    }
  }

  async list(): Promise<RunningJob[]> {
    const engine = await this.#open()
    const containers = await engine.listContainers({ all: true, filters: { label: [`${LABELS.agent}=${this.#agentId}`] } })
    return containers.flatMap(({ Id, Names, Labels, Image, State }) => {
      const name = Names[0]?.replace(/^\//, '') ?? Id
      const ref = attemptRefSchema.safeParse({ runId: Labels[LABELS.run], attempt: Number(Labels[LABELS.attempt]) })
      if (!ref.success)
        this.#log.warn({ container: name }, 'this container has the labels of this agent but names no attempt; remove it by hand')
      if (!ref.success || State === 'removing' || this.#starting.has(name)) return []
      return [this.#hold(engine, Id, ref.data, { type: 'docker', container: name, containerId: Id.slice(0, 12), image: Image })]
    })
  }

  async #launch(job: LaunchJob, events: LaunchEvents, signal: AbortSignal): Promise<RunningJob> {
    const image = imageOf(job)
    const [program = ''] = commandOf(job)
    refuseUnusableText(job.env, commandOf(job))
    let phase: LaunchPhase = 'create'
    let created: Docker.Container | null = null
    try {
      const engine = await this.#open()
      if (job.spec.variables.imagePullPolicy === 'always') {
        phase = 'pull'
        await pullImage(engine, image, events.onLaunching, signal)
      }
      phase = 'create'
      const container = await this.#create(engine, job, signal, async () => {
        phase = 'pull'
        await pullImage(engine, image, events.onLaunching, signal)
        phase = 'create'
      })
      if (container instanceof DockerJob) return container
      created = container
      const facts = await container.inspect({ abortSignal: signal })
      phase = 'start'
      await findCommand({ container, facts, image, signal })
      phase = 'code'
      if (job.bundlePath !== null) await putBundle(container, job.bundlePath, signal)
      phase = 'start'
      await orAbort(container.start(), signal)
      return this.#hold(engine, container.id, job.spec, infrastructureOf(facts, image))
    } catch (error) {
      if (created !== null) await discard(created)
      if (signal.aborted) throw signal.reason
      throw launchFailure(error, phase, { image, command: program })
    }
  }

  /** A new container, or the job of one that was started before under the same name. */
  async #create(engine: Docker, job: LaunchJob, signal: AbortSignal, pull: () => Promise<void>): Promise<Docker.Container | DockerJob> {
    const mayPull = job.spec.variables.imagePullPolicy !== 'never'
    for (let pulled = false, tries = 0; ; tries += 1) {
      try {
        return await orAbort(engine.createContainer(containerOptions(job)), signal, discard)
      } catch (error) {
        if (signal.aborted) throw signal.reason
        if (hasStatus(error, 409) && tries < 50) {
          const existing = await this.#adopt(engine, job, { patient: tries < 30 })
          if (existing !== null) return existing
          await setTimeout(100)
        } else if (hasStatus(error, 404) && /no such image/i.test(wordsOf(error)) && mayPull && !pulled) {
          await pull()
          pulled = true
        } else throw error
      }
    }
  }

  /** Null: the name is free again, or is about to be. */
  async #adopt(engine: Docker, job: LaunchJob, { patient }: { patient: boolean }): Promise<DockerJob | null> {
    const container = engine.getContainer(containerName(job.spec))
    try {
      const facts = await container.inspect()
      const owner = facts.Config.Labels[LABELS.agent]
      if (owner !== this.#agentId) {
        throw new LaunchError({
          reason: 'Unknown',
          message: 'A container of this attempt exists already and belongs to another agent.',
          evidence: `${containerName(job.spec)} has the label ${LABELS.agent}=${owner ?? ''}`,
        })
      }
      if (facts.State.Status === 'removing') return null
      if (facts.State.Status === 'created') {
        // Somebody is about to start it. Or an agent died before it could: its code may be missing, and nothing of it ever ran.
        if (patient) return null
        await container.remove({ force: true, v: true })
        return null
      }
      return this.#hold(engine, facts.Id, job.spec, infrastructureOf(facts, imageOf(job)))
    } catch (error) {
      if (hasStatus(error, 404, 409)) return null
      throw error
    }
  }

  #hold(engine: Docker, id: string, { runId, attempt }: { runId: string; attempt: number }, infrastructure: Infrastructure): DockerJob {
    const held = this.#jobs.get(id)
    if (held !== undefined) return held
    const job = new DockerJob({
      container: engine.getContainer(id),
      ref: { runId, attempt },
      infrastructure,
      onRemoved: () => this.#jobs.delete(id),
    })
    this.#jobs.set(id, job)
    return job
  }

  async #open(): Promise<Docker> {
    this.#engine ??= openEngine()
    return await this.#engine
  }
}

const infrastructureOf = (facts: Docker.ContainerInspectInfo, image: string): Infrastructure => ({
  type: 'docker',
  container: facts.Name.replace(/^\//, ''),
  containerId: facts.Id.slice(0, 12),
  image,
  imageId: facts.Image.replace(/^sha256:/, '').slice(0, 12),
})

/** Best effort: one that stays is found by `list()` as never started. */
const discard = async (container: Docker.Container): Promise<void> => {
  await container.remove({ force: true, v: true }).catch(() => undefined)
}

const startTimeout = (job: LaunchJob, lastNote: string): LaunchError =>
  new LaunchError({
    reason: 'StartTimeout',
    message: `The container did not start within ${job.startTimeoutSeconds} s. Raise startTimeoutSeconds, or pull ${imageOf(job)} on the machine of the agent beforehand.`,
    evidence: `last step: ${lastNote}`,
  })
