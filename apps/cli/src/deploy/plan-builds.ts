import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { DeploymentEntry } from './project-schema.ts'

export interface ImageBuild {
  image: string
  context: string
  dockerfile: string
  push: boolean
}

const stat = (path: string) => statSync(path, { throwIfNoEntry: false })

const planBuild = (name: string, entry: DeploymentEntry, directory: string): ImageBuild | null => {
  if (!('image' in entry) || entry.image === undefined || !entry.build) return null
  const context = resolve(directory, entry.build.context)
  if (!stat(context)?.isDirectory())
    throw new CliError(`deployment "${name}" builds ${context}, and there is no such folder`, {
      remedy: `write the folder to build as build: { context: … } under ${name} in towline.yaml`,
    })
  const dockerfile = entry.build.dockerfile ? resolve(directory, entry.build.dockerfile) : join(context, 'Dockerfile')
  if (!stat(dockerfile)?.isFile())
    throw new CliError(`deployment "${name}" builds with ${dockerfile}, and there is no such file`, {
      remedy: `write it, or name another as build: { dockerfile: … } under ${name} in towline.yaml`,
    })
  return { image: entry.image, context, dockerfile, push: entry.build.push }
}

/** Nobody who asks for a build should believe that one took place; beside images that say how, others may well be somebody else's. */
const refuseUnsaid = (chosen: [string, DeploymentEntry][]): void => {
  for (const [name, entry] of chosen)
    if ('image' in entry && entry.image !== undefined)
      throw new CliError(`deployment "${name}" does not say how to build ${entry.image}`, {
        remedy: `write build: { context: . } under ${name} in towline.yaml`,
      })
}

/** What `--build` has to build, each image once, in the order of the file. Throws while nothing has been built or registered. */
export const planBuilds = (chosen: [string, DeploymentEntry][], directory: string): ImageBuild[] => {
  const plans = new Map<string, ImageBuild & { name: string }>()
  for (const [name, entry] of chosen) {
    const plan = planBuild(name, entry, directory)
    if (!plan) continue
    const first = plans.get(plan.image)
    if (first && (first.context !== plan.context || first.dockerfile !== plan.dockerfile))
      throw new CliError(`deployments "${first.name}" and "${name}" build ${plan.image} in different ways`, {
        remedy: 'give one of them another image in towline.yaml',
      })
    plans.set(plan.image, { ...plan, name: first?.name ?? name, push: plan.push || first?.push === true })
  }
  if (plans.size === 0) refuseUnsaid(chosen)
  return [...plans.values()]
}
