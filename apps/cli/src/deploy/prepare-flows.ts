import { normalize } from 'node:path'
import type { FoundFlow } from './build-manifest.ts'
import { bundleFlow } from './bundle-flow.ts'
import { describeBundle, pickFlow } from './describe-bundle.ts'
import type { DeploymentEntry } from './project-schema.ts'
import type { LoadedProject } from './read-project.ts'

const split = (ref: string): { file: string; name: string | null } => {
  const hash = ref.lastIndexOf('#')
  return hash < 0 ? { file: normalize(ref), name: null } : { file: normalize(ref.slice(0, hash)), name: ref.slice(hash + 1) }
}

/** Bundles and describes each file once, whatever number of deployments it has. */
export const createFlowFinder = ({ project, directory }: LoadedProject, sdkUrl: string) => {
  const load = async (file: string) => {
    const bundle = await bundleFlow({ directory, file, external: project.bundle?.external ?? [], sdkUrl })
    return { bundle, flows: await describeBundle(bundle, file, directory) }
  }
  const files = new Map<string, ReturnType<typeof load>>()
  return async (entry: DeploymentEntry): Promise<FoundFlow | null> => {
    if (!('flow' in entry) || entry.flow === undefined) return null
    const { file, name } = split(entry.flow)
    const loaded = files.get(file) ?? load(file)
    files.set(file, loaded)
    const { bundle, flows } = await loaded
    return { bundle, description: pickFlow(flows, file, name) }
  }
}
