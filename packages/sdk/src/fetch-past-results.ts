import { NonRetryableError } from './errors.ts'
import { sleep } from './guard.ts'
import type { PastResults } from './past-results.ts'
import type { Answer, Send } from './post.ts'
import type { PastPage, Stop } from './wire.ts'

interface Options {
  send: Send
  onStop: (stop: Stop) => void
  signal: AbortSignal
}

const TIMEOUT_MS = 30_000
const BACKOFF = { first: 0.1, max: 5 }

/** Reads all pages before the flow begins, as its first call may want any of them. A control plane that is away is waited for. */
export const fetchPastResults = async (past: PastResults, { send, onStop, signal }: Options): Promise<void> => {
  let query = ''
  for (let failures = 0; ; ) {
    signal.throwIfAborted()
    let answer: Answer | null = null
    try {
      answer = await send({ method: 'GET', query, timeoutMs: TIMEOUT_MS, signal })
    } catch {
      signal.throwIfAborted()
    }
    if (answer?.status === 200) {
      failures = 0
      const { results, next } = JSON.parse(answer.body) as PastPage
      past.add(results)
      if (next === null) return
      query = `?cursor=${encodeURIComponent(next)}`
      continue
    }
    // An older control plane keeps no results: everything runs.
    if (answer?.status === 404) return
    if (answer && [401, 403, 409].includes(answer.status)) {
      onStop({ reason: 'stale', message: 'the control plane gives this attempt no results any more: it has ended or was replaced' })
      signal.throwIfAborted()
    }
    if (answer && answer.status < 500 && answer.status !== 429 && answer.status !== 408)
      throw new NonRetryableError(
        `the control plane refused the results of earlier attempts with ${answer.status}: ${answer.body.slice(0, 500)}`,
      )
    await sleep(Math.min(BACKOFF.max, BACKOFF.first * 2 ** failures++), signal)
  }
}
