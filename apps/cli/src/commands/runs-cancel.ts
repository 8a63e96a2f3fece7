import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { shortId, stateText } from '../output/format.ts'

export const run = async ({ args: ids, io }: CommandInput<object>): Promise<void> => {
  const { api } = connect()
  const cancelled = []
  for (const id of ids) {
    const run = await api.runs.cancel.mutate({ id })
    cancelled.push(run)
    io.line(`${stateText(io, run.state.name)}  ${run.name}  ${io.dim(shortId(run.id))}`)
  }
  io.json(cancelled)
}
