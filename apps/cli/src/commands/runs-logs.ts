import type { LogCursor } from '@towline/contract/views'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { followRun } from '../watch/follow-run.ts'
import { logText } from '../watch/print-change.ts'

interface Options {
  follow?: boolean
}

/** `-o json` prints one line of JSON per log line, so that it can be followed too. */
export const run = async ({ args: [ref = ''], options, io }: CommandInput<Options>): Promise<void> => {
  const { api, session } = connect()
  const { id } = await api.runs.get.query({ id: ref })
  const print = (lines: Parameters<typeof logText>[1][]): void => {
    for (const line of lines) {
      if (io.format === 'json') process.stdout.write(`${JSON.stringify(line)}\n`)
      else io.line(logText(io, line))
    }
  }
  if (options.follow) {
    const stop = new AbortController()
    process.once('SIGINT', () => stop.abort())
    for await (const change of followRun({ session, id, signal: stop.signal })) print(change.logs)
    return
  }
  let cursor: LogCursor = {}
  for (let more = true; more; ) {
    const page = await api.runs.logs.query({ id, cursor })
    print(page.lines)
    more = page.more
    cursor = page.cursor
  }
}
