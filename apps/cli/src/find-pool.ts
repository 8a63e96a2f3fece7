import type { PoolDetail } from '@towline/contract/views'
import { CliError } from './cli-error.ts'
import { type Api, errorCodeOf } from './client.ts'
import { nearest } from './suggest.ts'

export const findPool = async (api: Api, name: string, command: string): Promise<PoolDetail> => {
  try {
    return await api.pools.get.query({ name })
  } catch (error) {
    if (errorCodeOf(error) !== 'not_found') throw error
    const near = nearest(
      name,
      (await api.pools.list.query()).map((pool) => pool.name),
    )
    throw new CliError(`there is no work pool "${name}"`, {
      remedy: near ? `${command} ${near}` : `towline pools create ${name}`,
      cause: error,
    })
  }
}
