import type { GateView, WaitingView } from '@towline/contract/views'
import { limitCommand, limitGate, limitRemedy, limitText } from './limit-gates.ts'
import type { RunRow } from './run-row.ts'

/** Counting a line stops here: beyond it nobody cares for the exact place. */
export const LINE_CAP = 101

type Gate = {
  gate: WaitingView['gate']
  holds: (run: RunRow, now: Date) => boolean
  /** Nothing can be said of it yet, because of a gate in front of it. */
  isHidden?: (run: RunRow) => boolean
  text: (run: RunRow) => string
  remedy: (run: RunRow) => string | null
  command?: (run: RunRow) => string | null
}

const plural = (count: number, one: string, many: string): string =>
  count === 1 ? `1 ${one}` : `${count >= LINE_CAP ? `${LINE_CAP - 1}+` : count} ${many}`

const line = ({ ahead }: RunRow): string => (ahead === null || ahead === 0 ? '' : ` ${plural(ahead, 'run is', 'runs are')} ahead of it.`)

/** What keeps a run from running, in the order in which it passes them: the first that holds is the answer. */
const GATES: Gate[] = [
  {
    gate: 'launching',
    holds: (run) => run.state_type === 'PENDING',
    text: (run) => run.state_message ?? `The agent ${run.agent_name ?? ''} has taken it and is starting it.`,
    remedy: () => null,
  },
  {
    gate: 'not-due',
    holds: (run, now) => run.due_at > now,
    text: (run) =>
      run.state_name === 'AwaitingRetry'
        ? `Attempt ${run.attempt + 1} starts at ${run.due_at.toISOString()}.`
        : `It is due at ${run.due_at.toISOString()}.`,
    remedy: () => null,
  },
  {
    gate: 'pool-paused',
    holds: (run) => run.pool_paused,
    text: (run) => `The work pool ${run.pool_name} is paused.`,
    remedy: (run) => `Resume ${run.pool_name} on the page of the pool.`,
  },
  {
    gate: 'queue-paused',
    holds: (run) => run.queue_paused,
    text: (run) => `The queue ${run.queue_name} of ${run.pool_name} is paused.`,
    remedy: () => 'Resume the queue on the page of the pool.',
    command: (run) => `towline queues resume ${run.queue_name} --pool ${run.pool_name}`,
  },
  {
    gate: 'deployment-paused',
    holds: (run) => run.deployment_paused,
    text: (run) => `The deployment ${run.deployment_name} is paused.`,
    remedy: () => 'Resume it on the page of the deployment.',
  },
  {
    gate: 'limit',
    holds: (run) => run.limit !== null,
    text: (run) => (run.limit === null ? '' : limitText(run.limit)),
    remedy: (run) => run.limit && limitRemedy(run.limit),
    command: (run) => run.limit && limitCommand(run.limit),
  },
  {
    gate: 'no-agent',
    holds: (run) => (run.agents_online ?? 0) === 0,
    text: (run) => `No agent of the work pool ${run.pool_name} is online.`,
    remedy: (run) => `Start one: towline agent start --pool ${run.pool_name}`,
    command: (run) => `towline agent start --pool ${run.pool_name}`,
  },
  {
    gate: 'agents-full',
    holds: (run) => (run.running ?? 0) >= (run.capacity ?? 0),
    isHidden: (run) => (run.agents_online ?? 0) === 0,
    text: (run) =>
      `${plural(run.agents_online ?? 0, 'agent is', 'agents are')} busy with ${run.running} of ${run.capacity} runs.${line(run)}`,
    remedy: () => 'Add an agent, or start one with more --capacity.',
  },
  { gate: 'in-line', holds: () => true, text: (run) => `An agent is free and takes it next.${line(run)}`.trim(), remedy: () => null },
]

const gateLimit = (gate: WaitingView['gate'], run: RunRow): WaitingView['limit'] =>
  gate === 'limit' && run.limit ? limitGate(run.limit) : null

const isWaiting = (run: RunRow): boolean => run.state_type === 'SCHEDULED' || run.state_type === 'PENDING'

/** Null for runs that wait for nothing: they run, are paused on purpose, or have ended. */
export const explainWaiting = (run: RunRow, now: Date): WaitingView | null => {
  if (!isWaiting(run)) return null
  const gate = GATES.find(({ holds }) => holds(run, now))
  return gate === undefined ? null : { gate: gate.gate, text: gate.text(run), remedy: gate.remedy(run), limit: gateLimit(gate.gate, run) }
}

/** Every gate of a waiting run, in order: open, holding, or not to be known before the one in front of it opens. */
export const explainGates = (run: RunRow, now: Date): GateView[] => {
  if (!isWaiting(run)) return []
  const first = GATES.findIndex(({ holds }) => holds(run, now))
  return GATES.map((gate, index): GateView => {
    const state = gateState(gate, run, now, index - first)
    if (state !== 'holds') return { gate: gate.gate, state, text: '', remedy: null, command: null, limit: null }
    const { text, remedy, command } = gate
    return {
      gate: gate.gate,
      state,
      text: text(run),
      remedy: remedy(run),
      command: command?.(run) ?? null,
      limit: gateLimit(gate.gate, run),
    }
  })
}

const gateState = (gate: Gate, run: RunRow, now: Date, afterFirst: number): GateView['state'] => {
  // An agent has it: every gate is behind it, whatever became of them since.
  if (run.state_type === 'PENDING') return gate.gate === 'launching' ? 'holds' : 'ok'
  if (gate.gate === 'in-line') return afterFirst === 0 ? 'holds' : 'unknown'
  if (gate.isHidden?.(run)) return 'unknown'
  return gate.holds(run, now) ? 'holds' : 'ok'
}
