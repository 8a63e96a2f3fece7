import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { findQueue } from '../find-queue.ts'
import { parsePriority } from '../queue-priority.ts'

export const run = async ({ args: [typed = ''], options, io }: CommandInput<{ pool: string; priority: string }>): Promise<void> => {
  const priority = parsePriority(options.priority)
  const { api } = connect()
  const { pool, queue } = await findQueue(api, { pool: options.pool, name: typed, command: 'towline queues set' })
  const updated = await api.queues.update.mutate({ pool: pool.name, name: queue.name, priority })
  io.json(updated)
  io.line(`${io.bold(updated.name)} of ${pool.name}  priority ${updated.priority}`)
}
