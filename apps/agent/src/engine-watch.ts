import type { LaunchFailure } from '@towline/contract/run-spec'
import type { Launcher } from '@towline/launchers/launcher'
import type { Logger } from '@towline/service/logger'

type WatchOptions = { log: Logger; onChange(): void; checkMs?: number }

const CHECK_MS = 3000

/**
 * Is what runs are launched on there? One launch that finds it away stops the pull, until a check finds it again: an agent whose engine is
 * down fails a run in a moment and is free again, so without this it would take, and fail, everything that waits in its pool.
 */
export class EngineWatch {
  /** Null: as far as we know it is there. */
  problem: string | null = null
  private timer: NodeJS.Timeout | null = null

  constructor(private readonly options: WatchOptions) {}

  note(failure: LaunchFailure, launcher: Launcher): void {
    if (failure.reason !== 'EngineAway' || this.problem !== null) return
    this.problem = failure.message
    this.options.log.error({ problem: failure.message }, 'Nothing can be launched: no runs are taken until this is mended')
    this.options.onChange()
    this.checkLater(launcher)
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer)
  }

  private checkLater(launcher: Launcher): void {
    this.timer = setTimeout(() => void this.check(launcher), this.options.checkMs ?? CHECK_MS)
    this.timer.unref()
  }

  private async check(launcher: Launcher): Promise<void> {
    const checked = await launcher.check().catch((error: unknown) => ({ ok: false as const, reason: String(error) }))
    if (!checked.ok) {
      this.problem = checked.reason
      this.checkLater(launcher)
      return
    }
    this.problem = null
    this.options.log.info('Launching works again')
    this.options.onChange()
  }
}
