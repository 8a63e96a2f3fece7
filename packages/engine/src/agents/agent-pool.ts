import type { PoolType } from '@towline/contract/run-spec'

/** What an agent is told of the pool that it serves. */
export type AgentPool = { id: string; name: string; type: PoolType; paused: boolean }
