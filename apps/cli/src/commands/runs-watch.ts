import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { watchToEnd } from '../watch/watch-run.ts'

export const run = async ({ args: [ref = ''], io }: CommandInput<object>): Promise<void> => {
  const { api, session } = connect()
  const { id } = await api.runs.get.query({ id: ref })
  await watchToEnd({ api, session, io, id })
}
