import type { Manifest } from '@towline/contract/manifest'
import { CliError } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { sdkTarballUrl } from '../config.ts'
import { buildImage } from '../deploy/build-image.ts'
import { buildManifest } from '../deploy/build-manifest.ts'
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
}

const buildIfAsked = async (name: string, entry: DeploymentEntry, directory: string, build: boolean | undefined): Promise<void> => {
  if (!build || !('image' in entry) || entry.image === undefined) return
  if (!entry.build)
    throw new CliError(`deployment "${name}" does not say how to build ${entry.image}`, {
      remedy: `write build: { context: . } under ${name} in towline.yaml`,
    })
  await buildImage(entry.image, entry.build, directory)
}

const show = (io: Io, { name, version, created, changed, code, pool }: Registered, dryRun: boolean | undefined): void => {
  const mark = changed ? io.paint(created ? '+' : '~', created ? '32' : '33') : io.dim('=')
  const verb = dryRun ? 'would be' : 'is'
  const what = changed ? `${created ? 'new, ' : ''}version ${version}` : `unchanged, version ${version}`
  io.line(`${mark} ${io.bold(name)}  ${dryRun && changed ? `${verb} ` : ''}${what}  ${io.dim(`${code} on ${pool}`)}`)
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
      return { name, entry, found, manifest: buildManifest(project.project, name, entry, found) }
    }),
  )
  const uploaded = new Set<string>()
  const results: Registered[] = []
  for (const { name, entry, found, manifest } of prepared) {
    if (!options.dryRun) {
      await buildIfAsked(name, entry, project.directory, options.build)
      if (manifest.code.kind === 'bundle' && found && !uploaded.has(found.bundle.sha256)) {
        await uploadBundle(session, found.bundle)
        uploaded.add(found.bundle.sha256)
      }
    }
    const { version, created, changed } = await api.deployments.register.mutate({ manifest, dryRun: options.dryRun })
    const result = { name, flow: manifest.flow, pool: manifest.pool, code: manifest.code.kind, version, created, changed }
    results.push(result)
    show(io, result, options.dryRun)
  }
  io.json(results)
  const [first] = results
  if (first && !options.dryRun) io.note(io.dim(`start one: towline run ${first.name} --watch`))
}
