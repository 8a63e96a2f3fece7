import type { EngineContext } from '@towline/engine/context'
import { tendLines } from '@towline/engine/limits/tend-lines'

const MAX_WAIT_MS = 60_000

/** Rates let the next run in at their moment: after each round a timer is set to the next one, and the bus wakes the loop when there is an earlier one. */
export class Lines {
  private timer: NodeJS.Timeout | undefined
  /** Where the next round goes on; null: at the beginning. */
  private after: string | null = null
  private readonly engine: EngineContext

  constructor(engine: EngineContext) {
    this.engine = engine
  }

  async runOnce(wake: (reason: string) => void): Promise<{ done: number; more: boolean }> {
    const { tended, nextAt, after } = await tendLines(this.engine, { after: this.after })
    this.after = after
    clearTimeout(this.timer)
    if (nextAt) {
      const ms = Math.max(1, nextAt.getTime() - this.engine.clock.now().getTime() + 1)
      this.timer = setTimeout(() => wake('opens'), Math.min(ms, MAX_WAIT_MS))
    }
    return { done: tended, more: after !== null }
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}
