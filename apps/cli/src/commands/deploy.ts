import type { LimitPlan } from '@towline/contract/limit-views'
import type { Manifest } from '@towline/contract/manifest'
import { CliError } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { sdkTarballUrl } from '../config.ts'
import { buildImage } from '../deploy/build-image.ts'
import { buildManifest } from '../deploy/build-manifest.ts'
import { limitOf, limitText } from '../deploy/deployment-limit.ts'
import { createFlowFinder } from '../deploy/prepare-flows.ts'
import type { DeploymentEntry } from '../deploy/project-schema.ts'
import { pickDeployments, readProject } from '../deploy/read-project.ts'
import { uploadBundle } from '../deploy/upload-bundle.ts'
import type { Io } from '../output/io.ts'

interface Options {
  file?: string
  dryRun?: boolean
  build?: boolean
}

interface Registered {
  name: string
  flow: string
  pool: string
  code: Manifest['code']['kind']
  version: number
  created: boolean
  changed: boolean
  limit: LimitPlan | null
}

const buildIfAsked = async (name: string, entry: DeploymentEntry, directory: string, build: boolean | undefined): Promise<void> => {
  if (!build || !('image' in entry) || entry.image === undefined) return
  if (!entry.build)
    throw new CliError(`deployment "${name}" does not say how to build ${entry.image}`, {
      remedy: `write build: { context: . } under ${name} in towline.yaml`,
    })
  await buildImage(entry.image, entry.build, directory)
}

const show = (io: Io, { name, version, created, changed, code, pool, limit }: Registered, dryRun: boolean | undefined): void => {
  const mark = changed || limit?.changed ? io.paint(created ? '+' : '~', created ? '32' : '33') : io.dim('=')
  const verb = dryRun ? 'would be' : 'is'
  const what = changed ? `${created ? 'new, ' : ''}version ${version}` : `unchanged, version ${version}`
  const bounds = limitText(limit)
  const parts = [`${dryRun && changed ? `${verb} ` : ''}${what}`, bounds, io.dim(`${code} on ${pool}`)].filter(Boolean)
  io.line(`${mark} ${io.bold(name)}  ${parts.join('  ')}`)
}

export const run = async ({ args: names, options, io }: CommandInput<Options>): Promise<void> => {
  const { api, session } = connect()
  const project = readProject(options.file)
  const findFlow = createFlowFinder(project, sdkTarballUrl(session.url))
  const chosen = pickDeployments(project, names)
  // Everything is checked before anything is registered.
  const prepared = await Promise.all(
    chosen.map(async ([name, entry]) => {
      const found = await findFlow(entry)
      return { name, entry, found, manifest: buildManifest(project.project, name, entry, found), limit: limitOf(entry) }
    }),
  )
  // Whoever may not set limits is told so while everything is still as it was.
  if (!options.dryRun)
    for (const { manifest, limit } of prepared) if (limit) await api.deployments.register.mutate({ manifest, limit, dryRun: true })
  const uploaded = new Set<string>()
  const results: Registered[] = []
  for (const { name, entry, found, manifest, limit } of prepared) {
    if (!options.dryRun) {
      await buildIfAsked(name, entry, project.directory, options.build)
      if (manifest.code.kind === 'bundle' && found && !uploaded.has(found.bundle.sha256)) {
        await uploadBundle(session, found.bundle)
        uploaded.add(found.bundle.sha256)
      }
    }
    const { version, created, changed, limit: plan } = await api.deployments.register.mutate({ manifest, limit, dryRun: options.dryRun })
    const result = { name, flow: manifest.flow, pool: manifest.pool, code: manifest.code.kind, version, created, changed, limit: plan }
    results.push(result)
    show(io, result, options.dryRun)
  }
  io.json(results)
  const [first] = results
  if (first && !options.dryRun) io.note(io.dim(`start one: towline run ${first.name} --watch`))
}
