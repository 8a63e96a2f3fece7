import { reuseWords } from '@towline/contract/reuse-words'
import { isFinal } from '@towline/contract/states'
import type { RetriedView, RetryMode } from '@towline/contract/views'
import { CliError } from '../cli-error.ts'
import { type Api, connect, errorCodeOf } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { shortId, stateText } from '../output/format.ts'
import { runLink } from '../run-link.ts'
import { watchToEnd } from '../watch/watch-run.ts'

interface Options {
  watch?: boolean
  fromFailed?: boolean
}

/** Where there is nothing to go on from, the command that runs all of it is what is left. */
const retry = async (api: Api, id: string, mode: RetryMode): Promise<RetriedView> => {
  try {
    return await api.runs.retry.mutate({ id, mode })
  } catch (error) {
    if (mode === 'all' || errorCodeOf(error) !== 'conflict' || !(error instanceof Error)) throw error
    const { state } = await api.runs.get.query({ id })
    throw new CliError(error.message, { remedy: `towline runs ${isFinal(state.type) ? 'retry' : 'watch'} ${id}`, cause: error })
  }
}

export const run = async ({ args: [id = ''], options, io }: CommandInput<Options>): Promise<void> => {
  const { api, session } = connect()
  const run = await retry(api, id, options.fromFailed ? 'from-failed' : 'all')
  if (run.reusable) io.note(reuseWords(run.reusable))
  if (options.watch) return watchToEnd({ api, session, io, id: run.id })
  io.json(run)
  io.line(`${stateText(io, run.state.name)}  ${io.bold(run.name)}  ${io.dim(await runLink(api, session, run.id))}`)
  io.note(io.dim(`follow it: towline runs watch ${shortId(run.id)}`))
}
