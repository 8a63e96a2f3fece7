import type { DeploymentDetail } from '@towline/contract/views'
import { CliError } from './cli-error.ts'
import { type Api, errorCodeOf } from './client.ts'
import { nearest } from './suggest.ts'

/** The deployment of that name; a slip of the finger is answered with the name that was meant. */
export const findDeployment = async (api: Api, name: string, command: string): Promise<DeploymentDetail> => {
  try {
    return await api.deployments.get.query({ name })
  } catch (error) {
    if (errorCodeOf(error) !== 'not_found') throw error
    const names = (await api.deployments.list.query()).map((deployment) => deployment.name)
    const near = nearest(name, names)
    throw new CliError(`there is no deployment "${name}"`, {
      remedy: near ? `${command} ${near}` : names.length > 0 ? 'towline deployments ls' : 'towline deploy',
      cause: error,
    })
  }
}
