import type { FlowDescription } from '@towline/contract/flow-description'
import { type Manifest, type ManifestInput, manifestSchema } from '@towline/contract/manifest'
import { CliError, EXIT } from '../cli-error.ts'
import type { Bundle } from './bundle-flow.ts'
import type { DeploymentEntry, Project } from './project-schema.ts'

export interface FoundFlow {
  description: FlowDescription
  bundle: Bundle
}

const commandOf = (command: string | string[] | undefined): string[] =>
  command === undefined ? [] : typeof command === 'string' ? ['sh', '-c', command] : command

const codeOf = (name: string, entry: DeploymentEntry, found: FoundFlow | null): ManifestInput['code'] => {
  if ('image' in entry && entry.image !== undefined) return { kind: 'image', image: entry.image, command: commandOf(entry.command) }
  if ('command' in entry) return { kind: 'command', command: commandOf(entry.command) }
  if (!found) throw new CliError(`deployment "${name}" has no flow`)
  return { kind: 'bundle', sha256: found.bundle.sha256, sizeBytes: found.bundle.code.length, flow: found.description.name }
}

/** What is registered: the flow's own facts, and what towline.yaml says over them. */
export const buildManifest = (project: Project, name: string, entry: DeploymentEntry, found: FoundFlow | null): Manifest => {
  const flow = found?.description ?? null
  const pool = entry.pool ?? project.pool
  if (!pool)
    throw new CliError(`deployment "${name}" names no work pool`, {
      exit: EXIT.usage,
      remedy: 'write pool: <name> in towline.yaml; towline pools ls lists them',
    })
  const retries = typeof entry.retries === 'number' ? { failures: entry.retries } : entry.retries
  const input: ManifestInput = {
    name,
    flow: flow?.name ?? name,
    description: entry.description ?? flow?.description ?? '',
    pool,
    queue: entry.queue ?? 'default',
    code: codeOf(name, entry, found),
    parameterSchema: flow?.parameterSchema ?? ('parameterSchema' in entry ? entry.parameterSchema : null) ?? null,
    parameters: entry.parameters ?? {},
    variables: entry.variables ?? {},
    tags: [...(flow?.tags ?? []), ...(entry.tags ?? [])],
    ...(entry.weights && { weights: entry.weights }),
    retries: { ...flow?.retries, ...retries },
    timeoutSeconds: entry.timeoutSeconds ?? flow?.timeoutSeconds ?? null,
  }
  const parsed = manifestSchema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new CliError(`deployment "${name}": ${problems.join('; ')}`, { exit: EXIT.usage })
}
