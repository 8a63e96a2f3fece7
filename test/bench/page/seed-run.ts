import type { ReportItem } from '@towline/contract/run-api'
import { claimRuns } from '@towline/engine/runs/claim-runs'
import { confirmRuns } from '@towline/engine/runs/confirm-runs'
import { createRuns } from '@towline/engine/runs/create-runs'
import { reportItems } from '@towline/engine/runs/report-items'
import { reportStatuses } from '@towline/engine/runs/report-statuses'
import { newId } from '@towline/service/new-id'
import type { ControlPlane } from '../control-plane.ts'

const BATCH = 1000
const FAN_OUT = 50
const WORDS = 'rows of the day were read from the store and written to the table of the month, none was left out'

export type Size = { tasks: number; lines: number }

/** Reads in groups, and each group goes into the next one: the shape of a fan-out over pages or files. */
const itemsOf = (tasks: number, at: number): ReportItem[] => {
  let seq = 1
  const items: ReportItem[] = [{ kind: 'run.running', seq, at }]
  for (let index = 0; index < tasks; index += 1) {
    const group = Math.floor(index / FAN_OUT)
    const task = { key: `read-page-${index + 1}`, name: 'read-page', try: 1, tags: [] }
    const dependsOn = group === 0 ? [] : [`read-page-${(group - 1) * FAN_OUT + (index % FAN_OUT) + 1}`]
    items.push({ kind: 'task', ...task, seq: ++seq, at: at + index, state: 'RUNNING', dependsOn })
    items.push({ kind: 'task', ...task, seq: ++seq, at: at + index + 400, state: 'COMPLETED' })
  }
  return items
}

/** One run that an agent has taken and that has done so much, through the same verbs as the gateway's; it ends, or goes on running. */
export const seedRun = async (plane: ControlPlane, { tasks, lines }: Size, end: boolean): Promise<string> => {
  const { engine, workspaceId } = plane
  const { rows } = await engine.db.enginePool.query<{ id: string }>(`select id from work_pool where workspace_id = $1 and name = 'page'`, [
    workspaceId,
  ])
  const [made] = await createRuns(engine, { workspaceId, actor: 'bench', runs: [{ deployment: 'page', name: `page-${tasks}-${lines}` }] })
  const runId = made?.id ?? ''
  const agentId = newId()
  const agent = { poolId: rows[0]?.id ?? '', agentId, agentName: 'bench', credits: 1, leaseSeconds: 3600 }
  await claimRuns(engine, agent)
  const ref = { runId, attempt: 1 }
  await confirmRuns(engine, [{ agentId, ...ref }])
  const at = Date.now() - tasks - 10_000
  const items = itemsOf(tasks, at)
  if (end) items.push({ kind: 'run.completed', seq: items.length + 1, at: at + tasks + 400, result: { pages: tasks } })
  for (let from = 0, line = 0; from < items.length || line < lines; from += BATCH) {
    const logs = Array.from({ length: Math.min(BATCH, lines - line) }, (_, index) => ({
      seq: line + index + 1,
      at: at + Math.floor(((line + index) / lines) * tasks),
      level: 'info' as const,
      task: `read-page-${Math.floor(((line + index) / lines) * tasks) + 1}`,
      text: `${line + index + 1}: ${WORDS}`,
    }))
    line += logs.length
    await reportItems(engine, { workspaceId, runId, attempt: 1, request: { items: items.slice(from, from + BATCH), logs } })
  }
  if (end) {
    const exit = { exitCode: 0, signal: null, outOfMemory: false }
    const report = { reportId: 'exited', ...ref, at: Date.now(), status: { kind: 'exited' as const, exit, cause: 'self' as const } }
    await reportStatuses(engine, [{ agentId, workspaceId, report }])
  }
  return runId
}
