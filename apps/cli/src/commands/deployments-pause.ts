import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { findDeployment } from '../find-deployment.ts'

const set = async ({ args: [typed = ''], io }: CommandInput<object>, paused: boolean): Promise<void> => {
  const { api } = connect()
  const { name } = await findDeployment(api, typed, `towline deployments ${paused ? 'pause' : 'resume'}`)
  const updated = await api.deployments.update.mutate({ name, paused })
  io.json(updated)
  io.line(paused ? `‖ ${name} is paused: its runs wait. Go on with: towline deployments resume ${name}` : `${name} goes on`)
}

export const pause = { run: (input: CommandInput<object>) => set(input, true) }
export const resume = { run: (input: CommandInput<object>) => set(input, false) }
