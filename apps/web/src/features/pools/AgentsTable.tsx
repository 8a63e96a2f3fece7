import type { AgentView } from '@towline/contract/views'
import { formatDuration } from '../../ui/format/format-duration.ts'
import { formatMegabytes } from '../../ui/format/format-number.ts'
import { Meter } from '../../ui/Meter.tsx'
import { StateGlyph } from '../../ui/state/StateGlyph.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { Time } from '../../ui/Time.tsx'
import { AGENT_LOOK, NOTABLE_SKEW_MS } from './agent-status.ts'

const COLUMNS: Column<AgentView>[] = [
  {
    id: 'name',
    title: 'Agent',
    className: 'max-w-0 w-[34%]',
    cell: (agent) => (
      <div className="min-w-0">
        <span className="block truncate font-medium">{agent.name}</span>
        <span className="block truncate text-xs text-faint">
          {agent.host.hostname} · {agent.host.os} {agent.host.arch} · {agent.host.cpus} CPUs · {formatMegabytes(agent.host.memoryMb)}
        </span>
      </div>
    ),
  },
  {
    id: 'status',
    title: 'Status',
    className: 'w-28',
    cell: (agent) => (
      <span className="inline-flex items-center gap-1.5 align-middle">
        <StateGlyph look={AGENT_LOOK[agent.status]} /> {AGENT_LOOK[agent.status].word}
      </span>
    ),
  },
  {
    id: 'load',
    title: 'Load',
    className: 'w-40 max-sm:hidden',
    cell: (agent) => <Meter value={agent.running} max={agent.capacity} label="Runs against capacity" />,
  },
  {
    id: 'version',
    title: 'Version',
    className: 'w-24 max-md:hidden',
    cell: (agent) => <span className="text-muted">{agent.version}</span>,
  },
  {
    id: 'clock',
    title: 'Clock',
    className: 'w-32 max-lg:hidden',
    cell: (agent) =>
      Math.abs(agent.skewMs) >= NOTABLE_SKEW_MS ? (
        <span className="text-amber">
          {formatDuration(Math.abs(agent.skewMs))} {agent.skewMs > 0 ? 'ahead' : 'behind'}
        </span>
      ) : (
        <span className="text-faint">in step</span>
      ),
  },
  {
    id: 'seen',
    title: 'Last seen',
    className: 'w-28 text-right',
    cell: (agent) => (agent.status === 'offline' ? <Time at={agent.lastSeenAt} /> : <span className="text-muted">now</span>),
  },
]

export const AgentsTable = ({ agents }: { agents: AgentView[] }) => (
  <Table label="Agents" columns={COLUMNS} rows={agents} rowId={(agent) => agent.id} dimmed={(agent) => agent.status === 'offline'} />
)
