import type { AgentView } from '@towline/contract/views'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { relativeText } from '../output/format.ts'
import type { Io } from '../output/io.ts'
import { printTable } from '../output/table.ts'

const STATUS = { online: { glyph: '●', sgr: '32' }, draining: { glyph: '◌', sgr: '33' }, offline: { glyph: '○', sgr: '90' } } as const

export const printAgents = (io: Io, agents: AgentView[]): void =>
  printTable(
    io,
    ['AGENT', 'POOL', 'STATUS', 'RUNNING', 'HOST', 'VERSION', 'LAST SEEN'],
    agents.map((agent) => [
      agent.name,
      agent.poolName,
      `${io.paint(STATUS[agent.status].glyph, STATUS[agent.status].sgr)} ${agent.status}`,
      `${agent.running}/${agent.capacity}`,
      `${agent.host.hostname} (${agent.host.os} ${agent.host.arch})`,
      agent.version,
      relativeText(agent.lastSeenAt),
    ]),
  )

export const run = async ({ options, io }: CommandInput<{ pool?: string }>): Promise<void> => {
  const { api } = connect()
  const agents = await api.agents.list.query(options.pool ? { pool: options.pool } : {})
  io.json(agents)
  if (agents.length > 0) printAgents(io, agents)
  else io.note('no agents yet; start one with: towline agent start --pool <pool>')
}
