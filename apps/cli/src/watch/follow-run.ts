import type { LogCursor, RunChange } from '@towline/contract/views'
import { backoffMs } from '@towline/service/backoff'
import { CliError } from '../cli-error.ts'
import { unreachable } from '../client.ts'
import type { Session } from '../config.ts'
import { type Position, watchStream } from './watch-stream.ts'

interface FollowOptions {
  session: Session
  id: string
  signal: AbortSignal
  /** Lines that the reader has already; the stream goes on after them. */
  logCursor?: LogCursor
  onReconnect?: (why: string) => void
  silenceMs?: number
  baseMs?: number
}

/** Some ten minutes without any answer. */
const MAX_FAILURES = 60

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })

/**
 * A run's changes until its end, over any number of connections. Each new one starts after the last event and line that were handed
 * out, so nothing is missed and nothing comes twice. Ends by itself after the final state and all logs.
 */
export async function* followRun(options: FollowOptions): AsyncGenerator<RunChange> {
  const { session, id, signal, silenceMs = 40_000, baseMs = 500, onReconnect } = options
  const position: Position = { afterEvent: 0, logCursor: options.logCursor ?? {} }
  for (let failures = 0; !signal.aborted; ) {
    try {
      for await (const change of watchStream({ session, id, position, signal, silenceMs })) {
        failures = 0
        position.afterEvent = Math.max(position.afterEvent, ...change.events.map(({ seq }) => seq))
        position.logCursor = { ...position.logCursor, ...change.logCursor }
        yield change
      }
      return
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof CliError) throw error
      if (++failures > MAX_FAILURES) throw unreachable(session.url, error)
      onReconnect?.(error instanceof Error ? error.message : String(error))
      await pause(backoffMs({ attempt: failures, baseMs, maxMs: 10_000, factor: 2, jitter: 0.25 }, Math.random), signal)
    }
  }
}
