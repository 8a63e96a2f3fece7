import { isFinal } from '@towline/contract/state-names'
import type { RunDetail } from '@towline/contract/views'
import { CliError, EXIT, QuietExit } from '../cli-error.ts'
import type { Api } from '../client.ts'
import type { Session } from '../config.ts'
import { durationText, shortId, stateText } from '../output/format.ts'
import type { Io } from '../output/io.ts'
import { runLink } from '../run-link.ts'
import { followRun } from './follow-run.ts'
import { createChangePrinter } from './print-change.ts'

interface Watch {
  api: Api
  session: Session
  io: Io
  id: string
}

/** Ctrl-C stops watching, not the run. */
const untilInterrupted = (): { signal: AbortSignal; close: () => void } => {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  process.once('SIGINT', stop)
  return { signal: controller.signal, close: () => process.removeListener('SIGINT', stop) }
}

const watch = async ({ io, session, id }: Watch, signal: AbortSignal): Promise<RunDetail | null> => {
  // With -o json the story goes to stderr, and stdout gets the run as data at the end.
  const print = createChangePrinter(io, io.format === 'json' ? io.note : io.line)
  let run: RunDetail | null = null
  let told = false
  const onReconnect = (why: string): void => {
    if (!told) io.note(io.dim(`lost the connection (${why}), trying again…`))
    told = true
  }
  let waiting = ''
  for await (const change of followRun({ session, id, signal, onReconnect })) {
    told = false
    run = change.run ?? run
    print(change)
    const { text = '', remedy = null } = change.run?.waiting ?? {}
    if (text && text !== waiting && change.run?.waiting?.gate !== 'launching')
      io.note(`${io.dim('·')}  ${text}${remedy ? ` ${remedy}` : ''}`)
    waiting = text
  }
  return run
}

/** Follows a run to its end and takes its outcome as the exit code. */
export const watchToEnd = async (input: Watch): Promise<void> => {
  const { api, session, io, id } = input
  const { signal, close } = untilInterrupted()
  const link = runLink(api, session, id)
  const run = await watch(input, signal).finally(close)
  if (signal.aborted) {
    io.note(`stopped watching; the run goes on. Cancel it with: towline runs cancel ${shortId(id)}`)
    throw new QuietExit(EXIT.ok)
  }
  if (!run || !isFinal(run.state.type))
    throw new CliError('the control plane ended the stream before the run had ended', { remedy: `towline runs watch ${shortId(id)}` })
  io.json(run)
  io.line(`${stateText(io, run.state.name)}  ${io.bold(run.name)}  ${durationText(run.durationMs)}  ${io.dim(await link)}`)
  if (run.reusable && run.reusable.tasks > 0)
    io.note(
      `go on with the ${run.reusable.tasks} finished ${run.reusable.tasks === 1 ? 'task' : 'tasks'}: towline runs retry ${shortId(id)} --from-failed`,
    )
  if (run.state.type !== 'COMPLETED') throw new QuietExit(EXIT.failed)
}
