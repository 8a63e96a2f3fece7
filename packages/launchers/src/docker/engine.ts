import type Docker from 'dockerode'

/** Loaded when it is first needed: an agent of a process pool does not carry it in memory. DOCKER_HOST is honoured by dockerode. */
export const openEngine = async (): Promise<Docker> => {
  const { default: Engine } = await import('dockerode')
  return new Engine()
}

/** The promise's value, or the signal's reason as soon as it is aborted; `tidy` then gets the value that comes too late. */
export const orAbort = <T>(promise: Promise<T>, signal: AbortSignal, tidy: (value: T) => unknown = () => undefined): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = () => {
      promise.then(tidy).catch(() => undefined)
      reject(signal.reason)
    }
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
