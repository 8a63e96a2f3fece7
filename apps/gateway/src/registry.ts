import type { AgentSocket } from './agent-socket.ts'

/** The sockets of this gateway: one for each agent, the newest. */
export class Registry {
  private readonly byAgent = new Map<string, AgentSocket>()
  private readonly byPool = new Map<string, Set<AgentSocket>>()

  /** The older connection of the same agent is closed: a half-open one may outlive its network for minutes. */
  add(socket: AgentSocket): void {
    const older = this.byAgent.get(socket.agentId)
    if (older) {
      this.remove(older)
      older.close('replaced')
    }
    this.byAgent.set(socket.agentId, socket)
    const pool = this.byPool.get(socket.poolId) ?? new Set()
    this.byPool.set(socket.poolId, pool.add(socket))
  }

  /** False when the agent has a newer connection here, or was removed before. */
  remove(socket: AgentSocket): boolean {
    if (this.byAgent.get(socket.agentId) !== socket) return false
    this.byAgent.delete(socket.agentId)
    const pool = this.byPool.get(socket.poolId)
    pool?.delete(socket)
    if (pool?.size === 0) this.byPool.delete(socket.poolId)
    return true
  }

  get(agentId: string): AgentSocket | undefined {
    return this.byAgent.get(agentId)
  }

  ofPool(poolId: string): AgentSocket[] {
    return [...(this.byPool.get(poolId) ?? [])]
  }

  /** Asked at each connection: no list of all is made for it. */
  serves(poolId: string): boolean {
    return this.byPool.has(poolId)
  }

  all(): AgentSocket[] {
    return [...this.byAgent.values()]
  }

  agentIds(): string[] {
    return [...this.byAgent.keys()]
  }

  poolIds(): string[] {
    return [...this.byPool.keys()]
  }

  get size(): number {
    return this.byAgent.size
  }
}
