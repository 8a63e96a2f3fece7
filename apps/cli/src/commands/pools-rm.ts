import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { confirm } from '../confirm.ts'
import { findPool } from '../find-pool.ts'

export const run = async ({ args: [typed = ''], options, io }: CommandInput<{ yes?: boolean }>): Promise<void> => {
  const { api } = connect()
  const { name, agentsOnline } = await findPool(api, typed, 'towline pools rm')
  await confirm(`Delete work pool ${name}${agentsOnline > 0 ? ` and disconnect its ${agentsOnline} agents` : ''}?`, options.yes)
  await api.pools.delete.mutate({ name })
  io.json({ deleted: name })
  io.line(`Deleted ${name}`)
}
