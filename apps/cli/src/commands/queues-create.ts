import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { findPool } from '../find-pool.ts'
import { parsePriority } from '../queue-priority.ts'

interface Options {
  pool: string
  priority: string
  paused?: boolean
}

export const run = async ({ args: [name = ''], options, io }: CommandInput<Options>): Promise<void> => {
  const priority = parsePriority(options.priority)
  const { api } = connect()
  const pool = await findPool(api, options.pool, `towline queues create ${name} --pool`)
  const queue = await api.queues.create.mutate({ pool: pool.name, name, priority, paused: options.paused })
  io.json(queue)
  io.line(`Created ${io.bold(queue.name)} in ${pool.name} (priority ${queue.priority}${queue.paused ? ', paused' : ''})`)
  io.note(io.dim(`send runs there: in towline.yaml, "queue: ${queue.name}" beside "pool: ${pool.name}", then towline deploy`))
}
