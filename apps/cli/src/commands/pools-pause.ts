import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { findPool } from '../find-pool.ts'

const set = async ({ args: [typed = ''], io }: CommandInput<object>, paused: boolean): Promise<void> => {
  const { api } = connect()
  const { name } = await findPool(api, typed, `towline pools ${paused ? 'pause' : 'resume'}`)
  const updated = await api.pools.update.mutate({ name, paused })
  io.json(updated)
  io.line(paused ? `‖ ${name} is paused: no new run starts. Go on with: towline pools resume ${name}` : `${name} goes on`)
}

export const pause = { run: (input: CommandInput<object>) => set(input, true) }
export const resume = { run: (input: CommandInput<object>) => set(input, false) }
