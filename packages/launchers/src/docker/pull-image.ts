import type Docker from 'dockerode'
import { registryAuth } from './registry-auth.ts'

/** A line of the engine's answer to a pull. */
type PullEvent = { status?: string; id?: string; error?: string; progressDetail?: { current?: number; total?: number } }

const NOTE_INTERVAL_MS = 1000

/** Throws the engine's words; they come in the middle of an answer that began with "200 OK". */
export const pullImage = async (engine: Docker, image: string, onNote: (note: string) => void, signal: AbortSignal): Promise<void> => {
  onNote(`Pulling ${image}`)
  const authconfig = await registryAuth(image)
  const answer = await engine.pull(image, { ...(authconfig === null ? {} : { authconfig }), abortSignal: signal })
  const progress = new PullProgress(image)
  let nextNoteAt = Date.now() + NOTE_INTERVAL_MS
  await new Promise<void>((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    engine.modem.followProgress(
      answer,
      (error) => {
        signal.removeEventListener('abort', abort)
        if (error) reject(error)
        else resolve()
      },
      (event: PullEvent) => {
        progress.take(event)
        if (Date.now() < nextNoteAt) return
        nextNoteAt = Date.now() + NOTE_INTERVAL_MS
        onNote(progress.note())
      },
    )
  })
}

class PullProgress {
  readonly #image: string
  readonly #layers = new Map<string, { current: number; total: number }>()
  #extracting = false

  constructor(image: string) {
    this.#image = image
  }

  take({ id, status, progressDetail }: PullEvent): void {
    this.#extracting = status === 'Extracting'
    if (id === undefined || progressDetail?.total === undefined || status !== 'Downloading') return
    this.#layers.set(id, { current: progressDetail.current ?? 0, total: progressDetail.total })
  }

  note(): string {
    const megabytes = (key: 'current' | 'total') => [...this.#layers.values()].reduce((sum, layer) => sum + layer[key], 0) / 1_000_000
    if (this.#extracting) return `Pulling ${this.#image}: unpacking`
    return this.#layers.size === 0
      ? `Pulling ${this.#image}`
      : `Pulling ${this.#image}: ${megabytes('current').toFixed(1)} of ${megabytes('total').toFixed(1)} MB`
  }
}
