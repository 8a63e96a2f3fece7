import { setTimeout } from 'node:timers/promises'
import type Docker from 'dockerode'
import type { LogBatch } from '../launcher.ts'
import { batches } from '../log-batches.ts'
import { hasStatus } from './engine-failure.ts'
import { ContainerLogReading } from './read-container-logs.ts'

type Follow = {
  container: Docker.Container
  from: { stdout: number; stderr: number }
  /** True once the container has ended, and so its log is complete. */
  hasEnded: () => boolean
  exited: Promise<unknown>
  signal: AbortSignal
}

/**
 * Follows the log until the container has ended and its log was read to the last entry. The stream also ends when the engine
 * restarts: then the log is read again from its start, and what was passed on already is skipped by number.
 */
export async function* followContainer({ container, from, hasEnded, exited, signal }: Follow): AsyncGenerator<LogBatch> {
  const next = { stdout: from.stdout + 1, stderr: from.stderr + 1 }
  for (let pauseMs = 100; !signal.aborted; pauseMs = Math.min(pauseMs * 2, 5000)) {
    const reading = new ContainerLogReading(next)
    const complete = hasEnded()
    try {
      for await (const chunk of await openLog(container, { signal })) {
        for (const { stream, lines } of reading.push(chunk)) yield* batches(stream, lines)
      }
      if (!complete) await Promise.race([exited, setTimeout(pauseMs, undefined, { ref: false })])
      if (complete || (hasEnded() && (await lastStampOf(container)) === reading.lastStamp)) {
        for (const { stream, lines } of reading.flush()) yield* batches(stream, lines)
        return
      }
    } catch (error) {
      if (hasStatus(error, 404, 409) || signal.aborted) return
      await setTimeout(pauseMs, undefined, { ref: false })
    }
  }
}

/** "Follow" also for a container that has ended: it then reads to the end, and dockerode streams it instead of holding it whole. */
const openLog = async (
  container: Docker.Container,
  { signal, tail }: { signal?: AbortSignal; tail?: number },
): Promise<AsyncIterable<Buffer>> => {
  const stream = await container.logs({ stdout: true, stderr: true, timestamps: true, follow: true, tail, abortSignal: signal })
  return stream as NodeJS.ReadableStream & AsyncIterable<Buffer>
}

const lastStampOf = async (container: Docker.Container): Promise<string> => {
  const reading = new ContainerLogReading({ stdout: 1, stderr: 1 })
  for await (const chunk of await openLog(container, { tail: 1 })) reading.push(chunk)
  return reading.lastStamp
}
