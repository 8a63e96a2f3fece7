import type { SlotsResponse } from '@towline/contract/run-api'
import { NonRetryableError } from './errors.ts'
import { newController, sleep } from './guard.ts'
import type { Answer, Send } from './post.ts'
import { SLOT_HOLD_SECONDS, type Stop } from './wire.ts'

/** Tag -> slots of its limit. */
export type Weights = Readonly<Record<string, number>>

export interface SlotsAsk {
  key: string
  weights: Weights
  /** Keys of the task runs around it, from the outside in. */
  within: readonly string[]
  signal: AbortSignal
  /** Told what it waits for, whenever that changes. */
  onWait: (text: string) => void
}

/** Gives a task the slots of its tags, and takes them back when the returned function is called. */
export interface Slots {
  take: (ask: SlotsAsk) => Promise<() => void>
}

interface Options {
  send: Send
  onStop: (stop: Stop) => void
  now?: () => number
  random?: () => number
}

/** So many tasks of one run with the same tags stand in line at the control plane; the others wait here for a place. */
const MAX_ASKING = 64
/** So many of the task runs around a task the control plane is told of. */
const MAX_NESTING = 20
/** Longer than the control plane holds a call. */
const TIMEOUT_MS = (SLOT_HOLD_SECONDS + 10) * 1000
const FREE_TIMEOUT_MS = 10_000
const FREE_TRIES = 4
const BACKOFF = { first: 0.1, max: 5 }
/** A control plane that cannot hold calls is not asked more often than this. */
const LEAST_PAUSE_SECONDS = 0.25
/** An older control plane has no limits. */
const NO_LIMITS: SlotsResponse = { granted: true, limited: [], recheckSeconds: 60 }
/** Slots are given back whatever becomes of the run. */
const NEVER = newController().signal
const nothing = (): void => undefined

/** What the control plane says of a refusal. */
const messageIn = (body: string): string => {
  try {
    return (JSON.parse(body) as { error: { message: string } }).error.message
  } catch {
    return 'the control plane no longer gives slots to this attempt'
  }
}

const ordinal = (n: number): string => {
  const tens = n % 100
  return `${n}${tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`
}

const waitText = ({ limit, hold, place }: Extract<SlotsResponse, { granted: false }>): string => {
  const name = JSON.stringify(limit.name)
  if (hold === 'paused') return `waiting: the limit of ${name} is paused (${ordinal(place)} in line)`
  if (hold === 'too-heavy') return `waiting: it takes more slots than the limit of ${name} has`
  return `waiting for a ${hold === 'rate' ? 'start' : 'slot'} of ${name} (${ordinal(place)} in line)`
}

/**
 * Asks the control plane for the slots of tasks. The first answer comes at once, so that the page can say what a task waits for; then a
 * call is held open until the slots are there, again and again: the place in line stays between calls, also when a gateway restarts.
 * Tags without a limit are asked for once in a while, by one task for all of them.
 */
export class RemoteSlots implements Slots {
  readonly #send: Send
  readonly #onStop: (stop: Stop) => void
  readonly #now: () => number
  readonly #random: () => number
  readonly #unlimitedUntil = new Map<string, number>()
  /** Sets of tags of which one has a limit: each task asks for itself. */
  readonly #limited = new Set<string>()
  /** Sets of tags that one task asks for now, and the others want to hear of. */
  readonly #probes = new Map<string, Promise<void>>()
  readonly #lines = new Map<string, { asking: number; queue: (() => void)[] }>()
  /** Slots of these tasks are on their way back: asking before they have arrived would free the next ones. */
  readonly #freeing = new Map<string, Promise<void>>()

  constructor({ send, onStop, now = Date.now, random = Math.random }: Options) {
    this.#send = send
    this.#onStop = onStop
    this.#now = now
    this.#random = random
  }

  async take(given: SlotsAsk): Promise<() => void> {
    let said = ''
    const onWait = (text: string): void => {
      if (text !== said) given.onWait(text)
      said = text
    }
    const ask: SlotsAsk = { ...given, onWait }
    const tags = Object.keys(ask.weights).sort()
    const set = tags.join('\n')
    await this.#freeing.get(ask.key)
    let probed: (() => void) | undefined
    for (;;) {
      ask.signal.throwIfAborted()
      if (tags.every((tag) => (this.#unlimitedUntil.get(tag) ?? 0) > this.#now())) return nothing
      const probe = this.#probes.get(set)
      if (this.#limited.has(set)) break
      if (probe === undefined) {
        this.#probes.set(set, new Promise((resolve) => (probed = resolve)))
        break
      }
      await untilAborted(probe, ask.signal)
    }
    const told = (): void => {
      if (!probed) return
      this.#probes.delete(set)
      probed()
      probed = undefined
    }
    try {
      const leave = await this.#enter(set, ask)
      try {
        return await this.#wait(ask, set, told)
      } finally {
        leave()
      }
    } finally {
      told()
    }
  }

  async #wait(ask: SlotsAsk, set: string, told: () => void): Promise<() => void> {
    try {
      for (let waitSeconds = 0; ; waitSeconds = SLOT_HOLD_SECONDS) {
        const askedAt = this.#now()
        const answer = await this.#ask(ask, waitSeconds)
        this.#learn(set, Object.keys(ask.weights), answer)
        told()
        if (answer.granted) return answer.limited.length === 0 ? nothing : () => this.#free(ask.key)
        if (answer.stop) this.#stop(answer.stop, ask.signal)
        ask.onWait(waitText(answer))
        if (waitSeconds > 0 && this.#now() - askedAt < LEAST_PAUSE_SECONDS * 1000) await sleep(LEAST_PAUSE_SECONDS, ask.signal)
      }
    } catch (error) {
      // The answer to a call that was broken off may have been a grant.
      this.#free(ask.key)
      throw error
    }
  }

  /** Asks until there is an answer: a control plane that is away, or a gateway that restarts, is waited for. */
  async #ask({ key, weights, within, signal, onWait }: SlotsAsk, waitSeconds: number): Promise<SlotsResponse> {
    const body = JSON.stringify({ key, slots: weights, within: within.slice(-MAX_NESTING), waitSeconds })
    for (let failures = 0; ; failures++) {
      let answer: Answer | null = null
      try {
        answer = await this.#send({ method: 'POST', body, timeoutMs: TIMEOUT_MS, signal })
      } catch {
        signal.throwIfAborted()
      }
      if (answer?.status === 200) return JSON.parse(answer.body) as SlotsResponse
      if (answer?.status === 404) return NO_LIMITS
      if (answer && [401, 403, 409].includes(answer.status)) this.#stop({ reason: 'stale', message: messageIn(answer.body) }, signal)
      if (answer && answer.status < 500 && answer.status !== 429 && answer.status !== 408)
        throw new NonRetryableError(
          `the control plane refused the slots of task "${key}" with ${answer.status}: ${answer.body.slice(0, 500)}`,
        )
      if (failures === 2) onWait('waiting for the control plane, which gives out the slots')
      await sleep(Math.min(BACKOFF.max, BACKOFF.first * 2 ** failures) * (0.75 + this.#random() * 0.5), signal)
    }
  }

  #stop(stop: Stop, signal: AbortSignal): never {
    this.#onStop(stop)
    signal.throwIfAborted()
    throw new NonRetryableError(stop.message)
  }

  #learn(set: string, tags: string[], answer: SlotsResponse): void {
    if (answer.granted && answer.recheckSeconds > 0)
      for (const tag of tags) if (!answer.limited.includes(tag)) this.#unlimitedUntil.set(tag, this.#now() + answer.recheckSeconds * 1000)
    if (answer.granted && answer.limited.length === 0 && answer.recheckSeconds > 0) this.#limited.delete(set)
    else this.#limited.add(set)
    if (!answer.granted) this.#unlimitedUntil.delete(answer.limit.name)
  }

  async #enter(set: string, { signal, onWait }: SlotsAsk): Promise<() => void> {
    const line = this.#lines.get(set) ?? { asking: 0, queue: [] }
    this.#lines.set(set, line)
    const leave = (): void => {
      const next = line.queue.shift()
      if (next) next()
      else line.asking--
    }
    if (line.asking < MAX_ASKING) {
      line.asking++
      return leave
    }
    onWait('waiting behind other tasks of this run with the same tags')
    let called = false
    const turn = new Promise<void>((resolve) => {
      line.queue.push(() => {
        called = true
        resolve()
      })
    })
    const mine = line.queue.at(-1)
    try {
      await untilAborted(turn, signal)
      return leave
    } catch (error) {
      if (called) leave()
      else line.queue = line.queue.filter((entry) => entry !== mine)
      throw error
    }
  }

  /** Not waited for: the end of the task run or of the attempt, which are reported, free the same slots. */
  #free(key: string): void {
    const freeing = this.#delete(key).finally(() => {
      if (this.#freeing.get(key) === freeing) this.#freeing.delete(key)
    })
    this.#freeing.set(key, freeing)
  }

  async #delete(key: string): Promise<void> {
    for (let failures = 0; failures < FREE_TRIES; failures++) {
      try {
        const { status } = await this.#send({ method: 'DELETE', body: JSON.stringify({ key }), timeoutMs: FREE_TIMEOUT_MS })
        if (status < 500 && status !== 429) return
      } catch {
        // Away: tried again, and freed with the task run otherwise.
      }
      await sleep(BACKOFF.first * 2 ** failures, NEVER)
    }
  }
}

const untilAborted = (work: Promise<void>, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort, { once: true })
    void work.then(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
  })
