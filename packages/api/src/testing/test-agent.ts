import type { RunStatus } from '@towline/contract/frames'
import type { ReportItem } from '@towline/contract/run-api'
import type { EngineContext } from '@towline/engine/context'
import { appendLogs } from '@towline/engine/runs/append-logs'
import { claimRuns } from '@towline/engine/runs/claim-runs'
import { confirmRuns } from '@towline/engine/runs/confirm-runs'
import { reportItems } from '@towline/engine/runs/report-items'
import { reportStatuses } from '@towline/engine/runs/report-statuses'
import { newId } from '@towline/service/new-id'

type TaskItem = Extract<ReportItem, { kind: 'task' }>

/** What an agent and the code that it runs say of runs, straight to the engine: the gateway has tests of its own. */
export const createTestAgent = async (engine: EngineContext, { workspaceId, poolId }: { workspaceId: string; poolId: string }) => {
  const agentId = newId()
  await engine.db.enginePool.query(
    `insert into agent (id, workspace_id, pool_id, name, version, host, capacity, capabilities, gateway_id, connected_at, last_seen_at)
     values ($1, $2, $3, 'box', '1.0.0', '{"hostname":"h","os":"linux","arch":"x64","cpus":2,"memoryMb":100}', 2, '{}', $4, $5, $5)`,
    [agentId, workspaceId, poolId, newId(), engine.clock.now()],
  )
  let reports = 0
  let seq = 0
  const now = () => engine.clock.now().getTime()
  const status = (runId: string, what: RunStatus) =>
    reportStatuses(engine, [{ agentId, workspaceId, report: { reportId: `r${++reports}`, runId, attempt: 1, at: now(), status: what } }])
  return {
    agentId,
    /** Takes what is ready and starts it. */
    startAll: async (credits = 100): Promise<string[]> => {
      const claimed = await claimRuns(engine, { poolId, agentId, agentName: 'box', credits, leaseSeconds: 40 })
      const refs = claimed.map(({ spec }) => ({ agentId, runId: spec.runId, attempt: spec.attempt }))
      if (refs.length > 0) await confirmRuns(engine, refs)
      for (const { runId } of refs) await status(runId, { kind: 'started', infrastructure: { pid: 7 } })
      return refs.map(({ runId }) => runId)
    },
    claim: (credits = 1) => claimRuns(engine, { poolId, agentId, agentName: 'box', credits, leaseSeconds: 40 }),
    log: (runId: string, stream: 'stdout' | 'stderr' | 'log', lines: { seq: number; text: string; at?: number }[]) =>
      appendLogs(engine, [{ workspaceId, runId, attempt: 1, stream, lines: lines.map((line) => ({ at: now(), ...line })) }]),
    task: (runId: string, key: string, state: TaskItem['state'], more: Partial<TaskItem> = {}) =>
      reportItems(engine, {
        workspaceId,
        runId,
        attempt: 1,
        request: { items: [{ kind: 'task', seq: ++seq, at: now(), key, name: key, state, try: 1, ...more }], logs: [] },
      }),
    exit: (runId: string, exitCode: number) =>
      status(runId, { kind: 'exited', exit: { exitCode, signal: null, outOfMemory: false }, cause: 'self' }),
  }
}
