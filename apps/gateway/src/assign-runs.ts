import type { AttemptRef, FrameOf, GatewayFrame } from '@towline/contract/frames'
import type { AgentSocket } from './agent-socket.ts'
import type { GatewayContext } from './gateway-context.ts'

export type Assignment = FrameOf<GatewayFrame, 'run.assigned.v1'>['runs'][number]

/** A frame of many assignments stays far below the bound of a message: each may carry 64 KiB of parameters. */
const FRAME_BYTES = 256 * 1024

/** Sends what was claimed for an agent. When it left meanwhile, the runs go back to their queue at once instead of with their lease. */
export const assignRuns = (gw: GatewayContext, socket: AgentSocket, runs: Assignment[]): void => {
  if (socket.closed || socket.leaving) {
    handBack(gw, socket, runs)
    return
  }
  gw.metrics.assigned.inc(runs.length)
  let part: Assignment[] = []
  let bytes = 0
  for (const run of runs) {
    const size = JSON.stringify(run.spec.parameters).length * 3 + 4000
    if (part.length > 0 && bytes + size > FRAME_BYTES) {
      socket.send({ type: 'run.assigned.v1', runs: part })
      part = []
      bytes = 0
    }
    part.push(run)
    bytes += size
  }
  if (part.length > 0) socket.send({ type: 'run.assigned.v1', runs: part })
}

export const refOf = ({ spec: { runId, attempt } }: Assignment): AttemptRef => ({ runId, attempt })

const handBack = (gw: GatewayContext, socket: AgentSocket, runs: Assignment[]): void => {
  for (const { spec } of runs) {
    const { workspaceId, runId, attempt } = spec
    const report = {
      type: 'run.status.v1' as const,
      reportId: `${runId}.${attempt}.unsent`,
      runId,
      attempt,
      at: gw.engine.clock.now().getTime(),
      status: { kind: 'released' as const, note: 'The agent disconnected before it was handed the run' },
    }
    gw.intake.statuses.add({ agentId: socket.agentId, workspaceId, report }).catch((error: unknown) => {
      // The lease gives it back then.
      gw.log.warn({ err: error, runId, attempt }, 'A claimed run could not be handed back')
    })
  }
}
