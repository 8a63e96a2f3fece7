import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { confirm } from '../confirm.ts'
import { findDeployment } from '../find-deployment.ts'

export const run = async ({ args: [typed = ''], options, io }: CommandInput<{ yes?: boolean }>): Promise<void> => {
  const { api } = connect()
  const { name, version } = await findDeployment(api, typed, 'towline deployments rm')
  await confirm(`Delete deployment ${name} with its ${version} ${version === 1 ? 'version' : 'versions'}?`, options.yes)
  await api.deployments.delete.mutate({ name })
  io.json({ deleted: name })
  io.line(`Deleted ${name}`)
}
