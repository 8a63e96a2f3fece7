import type { PastResult } from './wire.ts'

export interface Asked {
  key: string
  name: string
  inputHash: string
  /** Keys of the tasks that it has to follow though it takes nothing from them. */
  follows: readonly string[]
}

/** `changed`: it was called with something else then. `overtaken`: a task that it follows ran again after it. */
export type Found =
  | { kind: 'found'; value: unknown; attempt: number }
  | { kind: 'changed'; attempt: number }
  | { kind: 'overtaken'; by: string }
  | { kind: 'unknown' }

const inputsId = ({ name, inputHash }: { name: string; inputHash: string }): string => `${name}\n${inputHash}`

/**
 * What task runs of earlier attempts returned. A call finds its result by key, name and inputs. Calls that race each other get each other's keys,
 * so one whose inputs were unique is found by its inputs alone; each such result is handed out once.
 */
export class PastResults {
  readonly #attempt: number
  readonly #byKey = new Map<string, PastResult[]>()
  readonly #alone = new Map<string, PastResult>()
  readonly #taken = new Set<string>()
  /** The attempt in which each task of this attempt was last executed. */
  readonly #ranIn = new Map<string, number>()
  size = 0

  constructor(attempt: number) {
    this.#attempt = attempt
  }

  add(results: readonly PastResult[]): void {
    for (const result of results) {
      this.size++
      this.#byKey.set(result.key, [...(this.#byKey.get(result.key) ?? []), result])
      const id = inputsId(result)
      if (result.alone && (this.#alone.get(id)?.attempt ?? 0) < result.attempt) this.#alone.set(id, result)
    }
  }

  take(asked: Asked): Found {
    const sameKey = (this.#byKey.get(asked.key) ?? []).filter((one) => one.name === asked.name)
    const id = inputsId(asked)
    const match = this.#alone.get(id) ?? sameKey.find((one) => one.inputHash === asked.inputHash)
    if (!match || (match.alone && this.#taken.has(id))) {
      const last = Math.max(0, ...sameKey.map((one) => one.attempt))
      return last > 0 && !match ? { kind: 'changed', attempt: last } : { kind: 'unknown' }
    }
    const by = asked.follows.find((key) => (this.#ranIn.get(key) ?? 0) > match.attempt)
    if (by !== undefined) return { kind: 'overtaken', by }
    const value = readValue(match)
    if (value === CORRUPT) return { kind: 'unknown' }
    this.#taken.add(id)
    this.#ranIn.set(asked.key, match.attempt)
    return { kind: 'found', value, attempt: match.attempt }
  }

  /** It is executed now: what has to follow it runs again, too. */
  ran(key: string): void {
    this.#ranIn.set(key, this.#attempt)
  }
}

const CORRUPT = Symbol('corrupt')

const readValue = ({ result }: PastResult): unknown => {
  if (result === null) return undefined
  try {
    return JSON.parse(result)
  } catch {
    return CORRUPT
  }
}
