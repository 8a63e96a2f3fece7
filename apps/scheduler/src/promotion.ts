import type { EngineContext } from '@towline/engine/context'
import { promoteDueRuns } from '@towline/engine/runs/promote-due-runs'

/** Timers are exact for short waits only, and a run may become due earlier: look again at least this often. */
const MAX_WAIT_MS = 60_000

/**
 * Runs become ready at their moment, not at the next poll: after each round a timer is set to the moment of the next due run, and the bus wakes the
 * loop when an earlier one is made.
 */
export class Promotion {
  private timer: NodeJS.Timeout | undefined
  private readonly engine: EngineContext

  constructor(engine: EngineContext) {
    this.engine = engine
  }

  async runOnce(wake: (reason: string) => void): Promise<{ done: number; more: boolean }> {
    const { promoted, more, nextDueAt } = await promoteDueRuns(this.engine)
    clearTimeout(this.timer)
    if (nextDueAt) {
      // One millisecond more: timers may fire a little early.
      const ms = Math.max(1, nextDueAt.getTime() - this.engine.clock.now().getTime() + 1)
      this.timer = setTimeout(() => wake('due'), Math.min(ms, MAX_WAIT_MS))
    }
    return { done: promoted, more }
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}
