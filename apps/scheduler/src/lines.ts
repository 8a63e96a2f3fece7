import type { EngineContext } from '@towline/engine/context'
import { tendLines } from '@towline/engine/limits/tend-lines'

const MAX_WAIT_MS = 60_000

/** Rates let the next run in at their moment: after each round a timer is set to the next one, and the bus wakes the loop when there is an earlier one. */
export class Lines {
  private timer: NodeJS.Timeout | undefined
  private readonly engine: EngineContext

  constructor(engine: EngineContext) {
    this.engine = engine
  }

  async runOnce(wake: (reason: string) => void): Promise<{ done: number }> {
    const { tended, nextAt } = await tendLines(this.engine)
    clearTimeout(this.timer)
    if (nextAt) {
      const ms = Math.max(1, nextAt.getTime() - this.engine.clock.now().getTime() + 1)
      this.timer = setTimeout(() => wake('opens'), Math.min(ms, MAX_WAIT_MS))
    }
    return { done: tended }
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}
