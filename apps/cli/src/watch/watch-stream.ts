import { type RichJson, richJson } from '@towline/contract/rich-json'
import type { LogCursor, RunChange } from '@towline/contract/views'
import { CliError, EXIT } from '../cli-error.ts'
import type { Session } from '../config.ts'
import { readSse, type SseEvent } from './read-sse.ts'

/** How far a reader has read. */
export interface Position {
  afterEvent: number
  logCursor: LogCursor
}

interface StreamOptions {
  session: Session
  id: string
  position: Position
  signal: AbortSignal
  /** A line is dead after this silence: the server pings every 15 s. */
  silenceMs: number
}

interface ServerError {
  message?: string
  data?: { httpStatus?: number } | null
}

/** What no later try can change ends the watching; the rest is worth a new connection. */
const errorOf = ({ message, data }: ServerError): Error => {
  const status = data?.httpStatus ?? 500
  const text = message ?? `the control plane answered ${status}`
  if (status >= 500 || status === 429 || status === 408) return new Error(text)
  const exit = status === 401 ? EXIT.signedOut : EXIT.failed
  return new CliError(text, { exit, remedy: status === 401 ? 'towline login' : null })
}

const open = async ({ session, id, position, signal }: StreamOptions): Promise<AsyncIterable<Uint8Array>> => {
  const input = encodeURIComponent(JSON.stringify(richJson.serialize({ id, ...position })))
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${session.key}`, 'x-towline-client': 'cli' }
  const response = await fetch(`${session.url}/api/trpc/runs.watch?input=${input}`, { headers, signal })
  if (response.ok && response.body) return response.body
  const body = (await response.json().catch(() => null)) as { error?: RichJson } | null
  throw errorOf(body?.error ? richJson.deserialize<ServerError>(body.error) : { data: { httpStatus: response.status } })
}

const changeOf = ({ event, data }: SseEvent): RunChange | 'end' | null => {
  if (event === 'return') return 'end'
  if (event === 'serialized-error') throw errorOf(richJson.deserialize<ServerError>(JSON.parse(data)))
  return event === 'message' ? richJson.deserialize<RunChange>(JSON.parse(data)) : null
}

/** One connection. Returns when the server has said that there is no more; throws when it broke off. */
export async function* watchStream(options: StreamOptions): AsyncGenerator<RunChange> {
  const silence = new AbortController()
  const listen = (): NodeJS.Timeout => setTimeout(() => silence.abort(new Error('nothing was heard for too long')), options.silenceMs)
  let timer = listen()
  try {
    const body = await open({ ...options, signal: AbortSignal.any([options.signal, silence.signal]) })
    for await (const event of readSse(body)) {
      clearTimeout(timer)
      timer = listen()
      const change = changeOf(event)
      if (change === 'end') return
      if (change) yield change
    }
    throw new Error('it was closed')
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}
