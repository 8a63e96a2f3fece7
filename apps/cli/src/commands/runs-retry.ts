import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { shortId, stateText } from '../output/format.ts'
import { watchToEnd } from '../watch/watch-run.ts'

interface Options {
  watch?: boolean
}

export const run = async ({ args: [id = ''], options, io }: CommandInput<Options>): Promise<void> => {
  const { api, session } = connect()
  const run = await api.runs.retry.mutate({ id })
  if (options.watch) return watchToEnd({ api, session, io, id: run.id })
  io.json(run)
  io.line(`${stateText(io, run.state.name)}  ${io.bold(run.name)}  ${io.dim(`towline runs watch ${shortId(run.id)}`)}`)
}
