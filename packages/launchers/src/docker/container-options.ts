import { basename, extname } from 'node:path'
import type { AttemptRef } from '@towline/contract/frames'
import type { ContainerCreateOptions } from 'dockerode'
import { LaunchError, type LaunchJob } from '../launcher.ts'

/** Set on everything that the launcher creates; agents find their own by `agent`. */
export const LABELS = {
  agent: 'towline.agent',
  run: 'towline.run',
  attempt: 'towline.attempt',
  workspace: 'towline.workspace',
} as const

/** Runs bundles and commands whose pool, deployment and run name no image. */
export const DEFAULT_IMAGE = 'node:20-slim'
const CODE_DIRECTORY = 'towline'
const MIB = 1_048_576

export const containerName = (ref: AttemptRef): string => `towline-${ref.runId}-${ref.attempt}`

export const imageOf = ({ spec }: LaunchJob): string =>
  spec.code.kind === 'image' ? spec.code.image : (spec.variables.image ?? DEFAULT_IMAGE)

/** Where the bundle lies inside the container, relative to its root. */
export const bundleTarget = (bundlePath: string): string => `${CODE_DIRECTORY}/bundle${extname(basename(bundlePath)) || '.mjs'}`

/** Empty: the image's own entry point and command. */
export const commandOf = (job: LaunchJob): string[] => {
  const { code } = job.spec
  if (code.kind !== 'bundle') return code.command
  if (job.bundlePath !== null) return ['node', `/${bundleTarget(job.bundlePath)}`]
  throw new LaunchError({
    reason: 'CodeUnavailable',
    message: 'The code bundle is not on the machine of the agent.',
    evidence: `sha256 ${code.sha256}`,
  })
}

/** Everything about the container is decided here; nothing here talks to the engine. */
export const containerOptions = (job: LaunchJob): ContainerCreateOptions => {
  const { spec, env } = job
  const { variables } = spec
  const [program, ...rest] = commandOf(job)
  const memory = variables.memoryMb === undefined ? undefined : variables.memoryMb * MIB
  return {
    name: containerName(spec),
    Image: imageOf(job),
    ...(program === undefined ? {} : { Entrypoint: [program], Cmd: rest }),
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Labels: {
      [LABELS.agent]: job.agentId,
      [LABELS.run]: spec.runId,
      [LABELS.attempt]: String(spec.attempt),
      [LABELS.workspace]: spec.workspaceId,
    },
    WorkingDir: variables.workingDirectory,
    User: variables.user,
    Tty: false,
    HostConfig: {
      Binds: variables.volumes,
      Memory: memory,
      // No swap on top: the bound is the bound, and exceeding it is an out-of-memory kill that says so.
      MemorySwap: memory,
      NanoCpus: variables.cpus === undefined ? undefined : Math.round(variables.cpus * 1e9),
      NetworkMode: variables.network,
      ExtraHosts: extraHosts(variables.network, variables.extraHosts),
      Privileged: variables.privileged,
      // As process 1 a program ignores SIGTERM unless it handles it, and its orphans stay zombies. The engine's init cures both.
      Init: true,
      RestartPolicy: { Name: 'no' },
      // Line numbers are made from this log: it must be readable again from its first line, whatever the engine's defaults are.
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1000g', mode: 'blocking' } },
    },
  }
}

/** So that a run reaches a control plane on its agent's own machine. A borrowed network takes no hosts. */
const extraHosts = (network: string | undefined, hosts: readonly string[] = []): string[] =>
  network?.startsWith('container:') ? [] : ['host.docker.internal:host-gateway', ...hosts]
