import { isFinal } from '@towline/contract/states'
import type { RunDetail } from '@towline/contract/views'
import { relativeText, shortId } from './format.ts'
import type { Io } from './io.ts'

const inLine = (text: string): string => text.replaceAll('\n', '\n    ')

/** What the message of the state has not said: of a run that is tried again what went wrong before, and of each what its reader can do. */
export const printProblem = (io: Io, { id, state, attempt, dueAt, problem, reusable }: RunDetail): void => {
  if (!problem) return
  const said = state.message?.startsWith(problem.what) ?? false
  if (!said) io.line(`  attempt ${problem.attempt}: ${inLine(problem.what)}${problem.done ? `\n    ${problem.done}` : ''}`)
  if (state.name === 'AwaitingRetry' && dueAt.getTime() > Date.now())
    io.line(`  ${io.bold('next')}: attempt ${attempt + 1} starts ${relativeText(dueAt)}`)
  if (problem.remedy) io.line(`  ${io.bold('remedy')}: ${problem.remedy}`)
  const mode = reusable && reusable.tasks > 0 ? ' --from-failed' : ''
  if (isFinal(state.type)) io.line(`  ${io.dim('again:')} towline runs retry ${shortId(id)}${mode}`)
}
