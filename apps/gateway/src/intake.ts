import type { AgentFrame, AttemptRef, FrameOf } from '@towline/contract/frames'
import { type Heartbeat, recordHeartbeats } from '@towline/engine/agents/record-heartbeats'
import type { EngineContext } from '@towline/engine/context'
import { appendLogs } from '@towline/engine/runs/append-logs'
import { confirmRuns } from '@towline/engine/runs/confirm-runs'
import { reportStatuses } from '@towline/engine/runs/report-statuses'
import type { Batcher } from '@towline/service/batcher'
import { refKey } from './credit.ts'
import { createIsolatedBatcher } from './isolated-batcher.ts'

export type ConfirmItem = AttemptRef & { agentId: string }
export type StatusItem = { agentId: string; workspaceId: string; report: FrameOf<AgentFrame, 'run.status.v1'> }
export type LogItem = { workspaceId: string } & Pick<FrameOf<AgentFrame, 'run.logs.v1'>, 'runId' | 'attempt' | 'stream' | 'lines'>

/** What arrives on all sockets together, so that one commit carries what many agents sent. */
export type Intake = {
  /** True: may be launched. */
  confirms: Batcher<ConfirmItem, boolean>
  statuses: Batcher<StatusItem, void>
  /** The highest sequence of that stream that is durable. */
  logs: Batcher<LogItem, number>
  /** False: another gateway holds the agent by now. */
  beats: Batcher<Heartbeat, boolean>
  idle(): Promise<void>
}

/**
 * Answers come by run and attempt. When two agents claim to hold the same attempt in one flush, they are asked about one after the
 * other, so that neither gets the other's answer.
 */
const confirmEach = async (engine: EngineContext, items: readonly ConfirmItem[]): Promise<boolean[]> => {
  const agents = new Map<string, string>()
  const later = new Set<ConfirmItem>()
  for (const item of items) {
    const key = refKey(item)
    if ((agents.get(key) ?? item.agentId) !== item.agentId) later.add(item)
    agents.set(key, agents.get(key) ?? item.agentId)
  }
  const { ok } = await confirmRuns(
    engine,
    items.filter((item) => !later.has(item)),
  )
  const granted = new Set(ok.map(refKey))
  const answers: boolean[] = []
  for (const item of items) answers.push(later.has(item) ? (await confirmRuns(engine, [item])).ok.length > 0 : granted.has(refKey(item)))
  return answers
}

const MAX_ITEMS = 500
/** A log frame holds up to 1,000 lines. */
const MAX_LOG_FRAMES = 64

export const createIntake = (engine: EngineContext, gatewayId: string): Intake => {
  const confirms = createIsolatedBatcher<ConfirmItem, boolean>({ maxItems: MAX_ITEMS, flush: (items) => confirmEach(engine, items) })
  const statuses = createIsolatedBatcher<StatusItem, void>({
    maxItems: MAX_ITEMS,
    flush: async (items) => {
      await reportStatuses(engine, items)
      return items.map(() => undefined)
    },
  })
  const logs = createIsolatedBatcher<LogItem, number>({ maxItems: MAX_LOG_FRAMES, flush: (items) => appendLogs(engine, items) })
  const beats = createIsolatedBatcher<Heartbeat, boolean>({
    maxItems: 2000,
    flush: (items) => recordHeartbeats(engine, { gatewayId, beats: items }),
  })
  return {
    confirms,
    statuses,
    logs,
    beats,
    idle: async () => {
      await Promise.all([confirms.idle(), statuses.idle(), logs.idle(), beats.idle()])
    },
  }
}
