import { STATE_NAMES, type StateName } from '@towline/contract/state-names'
import type { RunFilter, RunSummary } from '@towline/contract/views'
import { CliError, EXIT } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { durationText, relativeText, shortId, stateText, waitingText } from '../output/format.ts'
import type { Io } from '../output/io.ts'
import { printTable } from '../output/table.ts'

interface Options {
  state?: string[]
  deployment?: string
  pool?: string
  tag?: string
  search?: string
  limit: string
  cursor?: string
}

export const printRuns = (io: Io, runs: RunSummary[]): void =>
  printTable(
    io,
    ['RUN', 'NAME', 'DEPLOYMENT', 'STATE', 'WHEN', 'TOOK', 'WHY WAITING'],
    runs.map((run) => [
      shortId(run.id),
      run.name,
      run.deployment.name,
      stateText(io, run.state.name),
      relativeText(run.startedAt ?? run.dueAt),
      durationText(run.durationMs),
      waitingText(run),
    ]),
  )

const GROUPS = ['active', 'waiting', 'finished', 'problem'] as const
type State = NonNullable<RunFilter['states']>[number]

/** A name, a type (`FAILED` is Failed and TimedOut) or a group, in any case. */
const readStates = (typed: string[]): State[] =>
  typed.flatMap((word): State[] => {
    const lower = word.trim().toLowerCase()
    const group = GROUPS.find((name) => name === lower)
    if (group) return [group]
    const names = Object.keys(STATE_NAMES) as StateName[]
    const exact = names.filter((name) => name.toLowerCase() === lower && word !== word.toUpperCase())
    const found =
      exact.length > 0 ? exact : names.filter((name) => STATE_NAMES[name].toLowerCase() === lower || name.toLowerCase() === lower)
    if (found.length > 0) return found
    throw new CliError(`"${word}" is no state`, { exit: EXIT.usage, remedy: `one of ${[...GROUPS, ...names].join(', ')}` })
  })

export const run = async ({ options, io }: CommandInput<Options>): Promise<void> => {
  const limit = Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw new CliError('--limit is a number from 1 to 200', { exit: EXIT.usage })
  const { api } = connect()
  const { state, deployment, pool, tag, search } = options
  const filter: RunFilter = { ...(state ? { states: readStates(state) } : {}), deployment, pool, tag, search }
  const page = await api.runs.list.query({ filter, limit, cursor: options.cursor ?? null })
  io.json(page)
  if (page.items.length === 0) {
    const filtered = Object.values(filter).some((value) => value !== undefined)
    io.note(filtered ? 'no run matches' : 'no runs yet; start one with: towline run <deployment>')
    return
  }
  printRuns(io, page.items)
  if (page.next) io.note(io.dim(`more: towline runs ls --cursor ${page.next}`))
}
