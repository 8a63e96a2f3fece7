import type { IncomingMessage } from 'node:http'
import type Docker from 'dockerode'

/**
 * Returns when the container has stopped, throws when the connection is lost. The engine sends the head of its answer at once and
 * the body at the end; dockerode's own `wait` never settles when the connection is lost in between, so this reads it as a stream.
 */
export const waitForContainer = async (container: Docker.Container, signal: AbortSignal): Promise<void> => {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    container.modem.dial(
      {
        path: `/containers/${container.id}/wait?`,
        method: 'POST',
        isStream: true,
        abortSignal: signal,
        statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
        options: {},
      },
      (error: unknown, response: IncomingMessage) => (error ? reject(error) : resolve(response)),
    )
  })
  for await (const _chunk of answer) signal.throwIfAborted()
}
