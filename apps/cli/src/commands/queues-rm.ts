import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { confirm } from '../confirm.ts'
import { findQueue } from '../find-queue.ts'

export const run = async ({ args: [typed = ''], options, io }: CommandInput<{ pool: string; yes?: boolean }>): Promise<void> => {
  const { api } = connect()
  const { pool, queue } = await findQueue(api, { pool: options.pool, name: typed, command: 'towline queues rm' })
  await confirm(`Delete the queue ${queue.name} of ${pool.name} and its limit?`, options.yes)
  await api.queues.delete.mutate({ pool: pool.name, name: queue.name })
  io.json({ deleted: queue.name })
  io.line(`Deleted ${queue.name} of ${pool.name}`)
}
