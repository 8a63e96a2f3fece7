import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { printTable } from '../output/table.ts'

export const run = async ({ io }: CommandInput<object>): Promise<void> => {
  const { api } = connect()
  const pools = await api.pools.list.query()
  io.json(pools)
  if (pools.length === 0) {
    io.note('no work pools yet; make one with: towline pools create <name> --type process')
    return
  }
  printTable(
    io,
    ['NAME', 'TYPE', 'AGENTS', 'RUNNING', 'WAITING', 'DEPLOYMENTS', 'DESCRIPTION'],
    pools.map((pool) => [
      pool.paused ? `${pool.name} (paused)` : pool.name,
      pool.type,
      `${pool.agentsOnline}/${pool.agentsTotal} online`,
      `${pool.running}/${pool.capacity}`,
      String(pool.waiting),
      String(pool.deployments),
      pool.description,
    ]),
  )
}
