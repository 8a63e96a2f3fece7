import type { Logger } from './logger.ts'

type StopOptions = {
  log: Pick<Logger, 'info' | 'error'>
  /** After this long the process ends although the handler has not. */
  timeoutMs?: number
  /** What the second signal does before the process ends, for example killing children. */
  force?: () => void
}

/** Ctrl-C reaches the whole process group, and npm or a supervisor passes it on as well: that is one wish, not two. */
const sameWishMs = 300

/**
 * SIGTERM or SIGINT once: run the handler, then end with 0 (1 when it threw). A second signal, or the timeout, ends the process
 * at once with 130 / 1. Returns a function that ends the process in the same orderly way from within.
 */
export const onStop = (
  handler: (reason: string) => Promise<void>,
  { log, timeoutMs = 30_000, force }: StopOptions,
): ((reason: string) => void) => {
  let stoppingSince: number | undefined
  const stop = (reason: string): void => {
    if (stoppingSince !== undefined) {
      if (Date.now() - stoppingSince < sameWishMs) return
      log.error({ reason }, 'Told to stop twice: ending at once')
      force?.()
      process.exit(130)
    }
    stoppingSince = Date.now()
    log.info({ reason }, 'Stopping')
    setTimeout(() => {
      log.error({ timeoutMs }, 'Stopping took too long: ending now')
      force?.()
      process.exit(1)
    }, timeoutMs).unref()
    handler(reason).then(
      () => process.exit(process.exitCode ?? 0),
      (error: unknown) => {
        log.error({ err: error }, 'Stopping failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  return (reason) => {
    if (stoppingSince === undefined) stop(reason)
  }
}
