import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { findPool } from '../find-pool.ts'
import { printFacts, printTable } from '../output/table.ts'
import { printAgents } from './agents-ls.ts'

export const run = async ({ args: [name = ''], io }: CommandInput<object>): Promise<void> => {
  const { api } = connect()
  const pool = await findPool(api, name, 'towline pools inspect')
  const agents = await api.agents.list.query({ pool: pool.name })
  io.json({ ...pool, agents })
  if (io.format === 'json') return
  io.line(`${io.bold(pool.name)}  ${pool.type}${pool.paused ? '  ‖ paused' : ''}`)
  if (pool.description) io.line(pool.description)
  io.line()
  printFacts(io, [
    ['running', `${pool.running} of ${pool.capacity}`],
    ['waiting', String(pool.waiting)],
    ['deployments', String(pool.deployments)],
    ['variables', Object.keys(pool.variables).length > 0 ? JSON.stringify(pool.variables) : null],
  ])
  io.line()
  printTable(
    io,
    ['QUEUE', 'PRIORITY', 'WAITING', 'DEPLOYMENTS', ''],
    pool.queues.map((queue) => [
      queue.name,
      String(queue.priority),
      String(queue.waiting),
      String(queue.deployments),
      queue.paused ? 'paused' : '',
    ]),
  )
  io.line()
  if (agents.length > 0) printAgents(io, agents)
  else io.note(`no agent has connected yet: towline agent start --pool ${pool.name}`)
}
