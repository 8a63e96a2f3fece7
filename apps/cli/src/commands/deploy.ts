import type { LimitPlan } from '@towline/contract/limit-views'
import type { Manifest } from '@towline/contract/manifest'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { sdkTarballUrl } from '../config.ts'
import { assertEngine, buildImage } from '../deploy/build-image.ts'
import { buildManifest } from '../deploy/build-manifest.ts'
import { limitOf, limitText } from '../deploy/deployment-limit.ts'
import { planBuilds } from '../deploy/plan-builds.ts'
import { createFlowFinder } from '../deploy/prepare-flows.ts'
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
  const builds = options.build ? planBuilds(chosen, project.directory) : []
  if (options.build && builds.length === 0) io.note('nothing to build: none of these deployments has an image')
  // Everything is checked before anything is registered.
  const prepared = await Promise.all(
    chosen.map(async ([name, entry]) => {
      const found = await findFlow(entry)
      return { name, found, manifest: buildManifest(project.project, name, entry, found), limit: limitOf(entry) }
    }),
  )
  if (!options.dryRun) {
    // Whoever may not set limits, or builds for a pool that cannot run it, is told so while everything is still as it was.
    const images = new Set(builds.map(({ image }) => image))
    for (const { manifest, limit } of prepared) {
      const built = manifest.code.kind === 'image' && images.has(manifest.code.image)
      if (limit || built) await api.deployments.register.mutate({ manifest, limit, dryRun: true })
    }
    if (builds.length > 0) await assertEngine()
    for (const build of builds) await buildImage(build)
  }
  const uploaded = new Set<string>()
  const results: Registered[] = []
  for (const { name, found, manifest, limit } of prepared) {
    if (!options.dryRun && manifest.code.kind === 'bundle' && found && !uploaded.has(found.bundle.sha256)) {
      await uploadBundle(session, found.bundle)
      uploaded.add(found.bundle.sha256)
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
