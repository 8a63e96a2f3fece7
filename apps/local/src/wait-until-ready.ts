import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from './refusal.ts'

/** It came up and fell so often in a row: nothing will change by waiting. */
const MAX_CRASHES = 3

type Wait = { name: string; url: string; timeoutMs: number; logFile: string; signal: AbortSignal; crashes: () => number }

/** Asks a process's own health address until it says yes. */
export const waitUntilReady = async ({ name, url, timeoutMs, logFile, signal, crashes }: Wait): Promise<void> => {
  const end = Date.now() + timeoutMs
  while (Date.now() < end) {
    signal.throwIfAborted()
    if (crashes() >= MAX_CRASHES) throw new Refusal(`${name} does not start. Its log says why: ${logFile}`)
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
      await response.body?.cancel()
      if (response.ok) return
    } catch {
      // It does not listen yet.
    }
    await sleep(50, undefined, { signal })
  }
  throw new Refusal(`${name} is not ready after ${timeoutMs / 1000} s. Its log says why: ${logFile}`)
}
