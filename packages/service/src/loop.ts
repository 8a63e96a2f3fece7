import { backoffMs } from './backoff.ts'
import type { Logger } from './logger.ts'
import { TestSignal } from './test-signal.ts'

export type LoopOptions = {
  name: string
  /** Time between the end of one round and the start of the next, when nobody wakes it. */
  intervalMs: number
  /** Share of the interval that is random (0.2: ±20 %), so that replicas do not march in step. */
  jitter?: number
  /** One bounded round. 'again' asks for the next at once (a full batch: there may be more). */
  // biome-ignore lint/suspicious/noConfusingVoidType: a round that has nothing to say returns nothing
  runOnce(signal: AbortSignal): Promise<'again' | undefined | void>
  log: Pick<Logger, 'warn' | 'debug'>
  random?: () => number
}

export type Loop = {
  /** Run soon: at once when waiting, after the present round when running. Any number of wakes is one round. */
  wake(reason: string): void
  /** Tells the round in progress to end (its signal) and resolves when it has. Idempotent. */
  stop(): Promise<void>
  /** Emits after each round with how it ended. */
  ran: TestSignal<{ reason: string; error?: unknown }>
}

/**
 * A background duty. Modes: waiting -> running -> waiting … -> stopped. A round that throws is logged and the next one
 * waits by backoff, which a wake does not cut short: a broken database must not turn wake-ups into a busy loop.
 */
export const startLoop = ({ name, intervalMs, jitter = 0.2, runOnce, log, random = Math.random }: LoopOptions): Loop => {
  const stopping = new AbortController()
  const ran: Loop['ran'] = new TestSignal()
  let wakeReason: string | undefined = 'start'
  let endWait: (() => void) | undefined

  const wait = (ms: number, untilWoken: boolean): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        stopping.signal.removeEventListener('abort', end)
        endWait = undefined
        resolve()
      }
      const timer = setTimeout(end, ms)
      stopping.signal.addEventListener('abort', end)
      if (untilWoken) endWait = end
    })

  const run = async (): Promise<void> => {
    let failures = 0
    while (!stopping.signal.aborted) {
      const reason = wakeReason ?? 'interval'
      wakeReason = undefined
      try {
        if ((await runOnce(stopping.signal)) === 'again') wakeReason ??= 'again'
        failures = 0
        ran.emit({ reason })
      } catch (error) {
        failures += 1
        if (!stopping.signal.aborted) log.warn({ err: error, loop: name, failures }, 'A round of the loop failed')
        ran.emit({ reason, error })
      }
      if (stopping.signal.aborted) return
      if (failures > 0) await wait(backoffMs({ attempt: failures, baseMs: 100, maxMs: 10_000 }, random), false)
      else if (wakeReason === undefined) await wait(intervalMs * (1 - jitter + 2 * jitter * random()), true)
    }
  }

  const ended = run()
  return {
    wake: (reason) => {
      wakeReason ??= reason
      endWait?.()
    },
    stop: () => {
      stopping.abort()
      return ended
    },
    ran,
  }
}
