import type { RunSummary } from '@towline/contract/views'
import { CliError, EXIT } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { findDeployment } from '../find-deployment.ts'
import { relativeText, shortId, stateText } from '../output/format.ts'
import type { Io } from '../output/io.ts'
import { parseAt } from '../parse-at.ts'
import { runLink } from '../run-link.ts'
import { watchToEnd } from '../watch/watch-run.ts'
import { type RunOptions, readParameters } from './run-parameters.ts'

const readEnv = (pairs: string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      if (equals < 1) throw new CliError(`"${pair}" is no environment variable`, { exit: EXIT.usage, remedy: '--env NAME=value' })
      return [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )

const readPriority = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const priority = Number(text)
  if (Number.isInteger(priority)) return priority
  throw new CliError(`"${text}" is no priority`, { exit: EXIT.usage, remedy: '--priority 10 (larger goes first)' })
}

const showCreated = async (io: Io, run: RunSummary, link: Promise<string>): Promise<void> => {
  io.json(run)
  const due = run.dueAt.getTime() > Date.now() + 1000 ? `  ${relativeText(run.dueAt)}` : ''
  io.line(`${stateText(io, run.state.name)}  ${io.bold(run.name)}${due}  ${io.dim(await link)}`)
  if (run.waiting && run.waiting.gate !== 'not-due') io.note(`${run.waiting.text}${run.waiting.remedy ? ` ${run.waiting.remedy}` : ''}`)
  io.note(io.dim(`follow it: towline runs watch ${shortId(run.id)}`))
}

const isFile = (target: string): boolean => /\.[cm]?[jt]sx?(#[\w.-]+)?$/.test(target)

export const run = async (input: CommandInput<RunOptions>): Promise<void> => {
  const { args, options, io } = input
  const [target = ''] = args
  if (options.local) return (await import('./run-local.ts')).run(input)
  if (isFile(target))
    throw new CliError(`${target} is a file, not a deployment`, { exit: EXIT.usage, remedy: `towline run ${target} --local` })
  const env = readEnv(options.env)
  const priority = readPriority(options.priority)
  const at = options.at === undefined ? undefined : parseAt(options.at)
  const { api, session } = connect()
  const deployment = await findDeployment(api, target, 'towline run')
  const created = await api.runs.create.mutate({
    deployment: deployment.name,
    parameters: readParameters(options, deployment.manifest.parameterSchema),
    ...(options.env.length > 0 ? { variables: { env } } : {}),
    ...(options.tag.length > 0 ? { tags: options.tag } : {}),
    at,
    name: options.name,
    priority,
    idempotencyKey: options.idempotencyKey,
  })
  if (options.watch) {
    io.note(`${io.bold(created.name)}  ${io.dim(await runLink(api, session, created.id))}`)
    return watchToEnd({ api, session, io, id: created.id })
  }
  await showCreated(io, created, runLink(api, session, created.id))
}
