import type { RunFilter, RunSummary } from '@towline/contract/views'
import { CliError, EXIT } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { durationText, relativeText, shortId, stateText } from '../output/format.ts'
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
      run.waiting?.text ?? '',
    ]),
  )

export const run = async ({ options, io }: CommandInput<Options>): Promise<void> => {
  const limit = Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw new CliError('--limit is a number from 1 to 200', { exit: EXIT.usage })
  const { api } = connect()
  const { state, deployment, pool, tag, search } = options
  const filter: RunFilter = { ...(state ? { states: state as RunFilter['states'] } : {}), deployment, pool, tag, search }
  const page = await api.runs.list.query({ filter, limit, cursor: options.cursor ?? null })
  io.json(page)
  if (page.items.length === 0) {
    io.note('no runs yet; start one with: towline run <deployment>')
    return
  }
  printRuns(io, page.items)
  if (page.next) io.note(io.dim(`more: towline runs ls --cursor ${page.next}`))
}
