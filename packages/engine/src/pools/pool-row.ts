import type { JobVariables, PoolType } from '@towline/contract/run-spec'
import type { PoolSummary } from '@towline/contract/views'

export type PoolRow = {
  id: string
  name: string
  type: PoolType
  description: string
  paused: boolean
  created_at: Date
  variables: JobVariables
  agents_total: number
  agents_online: number
  capacity: number
  running: number
  waiting: number
  deployments: number
}

export const poolSummary = (row: PoolRow): PoolSummary => ({
  id: row.id,
  name: row.name,
  type: row.type,
  description: row.description,
  paused: row.paused,
  agentsOnline: row.agents_online,
  agentsTotal: row.agents_total,
  capacity: row.capacity,
  running: row.running,
  waiting: row.waiting,
  deployments: row.deployments,
  createdAt: row.created_at,
})
