import { reuseWords } from '@towline/contract/reuse-words'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { clockText, durationText, relativeText, stateText } from '../output/format.ts'
import { printProblem } from '../output/print-problem.ts'
import { printFacts } from '../output/table.ts'
import { runLink } from '../run-link.ts'
import { createChangePrinter } from '../watch/print-change.ts'

export const run = async ({ args: [id = ''], io }: CommandInput<object>): Promise<void> => {
  const { api, session } = connect()
  const found = await api.runs.get.query({ id })
  const [events, tasks, link] = await Promise.all([
    api.runs.events.query({ id: found.id, after: 0 }),
    api.runs.tasks.query({ id: found.id }),
    runLink(api, session, found.id),
  ])
  io.json({ ...found, events, tasks })
  if (io.format === 'json') return
  io.line(`${stateText(io, found.state.name)}  ${io.bold(found.name)}  ${durationText(found.durationMs)}`)
  if (found.state.message) io.line(`  ${found.state.message}`)
  printProblem(io, found)
  if (found.waiting) io.line(`  ${io.bold('waiting')}: ${found.waiting.text}${found.waiting.remedy ? ` ${found.waiting.remedy}` : ''}`)
  io.line()
  printFacts(io, [
    ['id', found.id],
    ['deployment', `${found.deployment.name} (version ${found.versionNumber})`],
    ['pool', `${found.pool.name} / ${found.queueName}`],
    ['parameters', JSON.stringify(found.parameters)],
    ['tags', found.tags.join(', ')],
    ['created', `${relativeText(found.createdAt)} by ${found.createdBy}`],
    ['due', found.startedAt ? null : relativeText(found.dueAt)],
    ['attempt', `${found.attempt} (left: ${found.retriesLeft.failures} after failures, ${found.retriesLeft.crashes} after crashes)`],
    ['from failed', found.reusable && reuseWords(found.reusable)],
    ['result', found.result === null ? null : JSON.stringify(found.result)],
    ['page', link],
  ])
  for (const attempt of found.attempts) {
    const facts = Object.entries(attempt.infrastructure).map(([key, value]) => `${key}=${value}`)
    io.line(
      `\n${io.bold(`attempt ${attempt.number}`)} on ${attempt.agent.name}, claimed ${clockText(attempt.claimedAt)}${attempt.outcome ? `, ${attempt.outcome}` : ''}`,
    )
    if (facts.length > 0) io.line(`  ${io.dim(facts.join('  '))}`)
    if (attempt.failure) io.line(`  ${attempt.failure.reason}: ${attempt.failure.message}`)
  }
  io.line()
  createChangePrinter(io, io.line)({ events, tasks, logs: [], logCursor: {}, kind: 'change' })
}
