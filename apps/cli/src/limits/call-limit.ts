import { CliError } from '../cli-error.ts'
import { type Api, errorCodeOf } from '../client.ts'
import { nearest } from '../suggest.ts'
import { limitName } from './limit-name.ts'

/** A slip in a name is answered with the limit that was meant. */
export const callLimit = async <T>(api: Api, typed: string, command: string, call: () => Promise<T>): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    if (errorCodeOf(error) !== 'not_found') throw error
    const limits = await api.limits.list.query({})
    const near = nearest(typed, limits.map(limitName))
    if (near === typed) throw error
    throw new CliError(`there is no limit "${typed}"`, {
      remedy: near ? `${command} ${near}` : `towline limits set ${typed} --slots <number>`,
      cause: error,
    })
  }
}
