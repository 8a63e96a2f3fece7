import { isFinal } from '@towline/contract/states'
import type { GateView } from '@towline/contract/views'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { limitName } from '../limits/limit-name.ts'
import { durationText, relativeText, shortId, stateText } from '../output/format.ts'
import type { Io } from '../output/io.ts'
import { printProblem } from '../output/print-problem.ts'
import { runLink } from '../run-link.ts'

const MARKS: Record<GateView['state'], [glyph: string, sgr: string]> = { ok: ['✓', '32'], holds: ['✗', '33'], unknown: ['·', '90'] }

const GATE_NAMES: Record<GateView['gate'], string> = {
  launching: 'starting',
  'not-due': 'due',
  'pool-paused': 'work pool open',
  'queue-paused': 'queue open',
  'deployment-paused': 'deployment open',
  limit: 'limits',
  'no-agent': 'an agent is there',
  'agents-full': 'an agent has room',
  'in-line': 'its turn',
}

const ageText = (since: Date): string => durationText(Math.max(0, Date.now() - since.getTime()))

const printLimit = (io: Io, limit: NonNullable<GateView['limit']>): void => {
  for (const { runId, runName, taskKey, since } of limit.holders)
    io.line(`      ${io.dim('held by')} ${runName}${taskKey ? ` / ${taskKey}` : ''}  ${io.dim(shortId(runId))}  for ${ageText(since)}`)
  const more = limit.holding - limit.holders.length
  if (more > 0) io.line(`      ${io.dim(`and ${more} more: towline limits holders ${limitName(limit.limit)}`)}`)
  io.line(`      ${io.dim('place in line')} ${limit.place}  ${io.dim('waiting for')} ${ageText(limit.since)}`)
  if (limit.until) io.line(`      ${io.dim('opens')} ${relativeText(limit.until)}`)
  if (limit.estimateMs !== null)
    io.line(`      ${io.dim('likely in')} ${durationText(limit.estimateMs)}, as holders kept their slots lately`)
}

/** That it is due, and not starting yet, goes without saying. */
const isWorthALine = ({ gate, state }: GateView): boolean => state === 'holds' || (gate !== 'launching' && gate !== 'not-due')

const printGate = (io: Io, gate: GateView, isFirst: boolean): void => {
  const [glyph, sgr] = MARKS[gate.state]
  const name = GATE_NAMES[gate.gate]
  io.line(
    `  ${io.paint(glyph, sgr)} ${isFirst ? io.bold(name) : gate.state === 'holds' ? name : io.dim(name)}${gate.text ? `  ${gate.text}` : ''}`,
  )
  if (gate.state !== 'holds') return
  if (gate.limit) printLimit(io, gate.limit)
  if (gate.remedy) io.line(`      ${gate.remedy}`)
  if (gate.command && !gate.remedy?.includes(gate.command)) io.line(`      ${io.dim('try:')} ${gate.command}`)
}

export const run = async ({ args: [id = ''], io }: CommandInput<object>): Promise<void> => {
  const { api, session } = connect()
  const found = await api.runs.get.query({ id })
  const tasks = (await api.runs.tasks.query({ id: found.id })).filter((task) => task.attempt === found.attempt && task.waiting !== null)
  io.json({ id: found.id, name: found.name, state: found.state, waiting: found.waiting, gates: found.gates, problem: found.problem, tasks })
  if (io.format === 'json') return
  io.line(`${stateText(io, found.state.name)}  ${io.bold(found.name)}  ${io.dim(await runLink(api, session, found.id))}`)
  if (found.state.message && (found.gates.length === 0 || found.state.name === 'AwaitingRetry')) io.line(`  ${found.state.message}`)
  printProblem(io, found)
  if (found.gates.length === 0 && tasks.length === 0 && !isFinal(found.state.type) && found.state.type !== 'CANCELLING')
    io.line('  It waits for nothing.')
  const first = found.gates.findIndex(({ state }) => state === 'holds')
  for (const [index, gate] of found.gates.entries()) if (isWorthALine(gate)) printGate(io, gate, index === first)
  for (const task of tasks) {
    io.line(`  ${io.paint('✗', '33')} task ${io.bold(task.key)}  ${task.waiting?.text ?? ''}`)
    if (task.waiting?.limit) printLimit(io, task.waiting.limit)
    if (task.waiting?.remedy) io.line(`      ${task.waiting.remedy}`)
  }
}
