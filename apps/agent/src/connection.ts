import { setTimeout as sleep } from 'node:timers/promises'
import type { AgentFrame, GatewayFrame } from '@towline/contract/frames'
import { backoffMs } from '@towline/service/backoff'
import type { Logger } from '@towline/service/logger'
import { Link, type LinkEnd, type Ready } from './link.ts'

type ConnectionOptions = {
  url: string
  key: string
  log: Logger
  hello(): AgentFrame
  onReady(ready: Ready): void
  onFrame(frame: GatewayFrame): void
  onDown(): void
  /** For the first wait; tests shorten it. */
  retryBaseMs?: number
}

/** A link that ended sooner than this counts as a failed attempt: two agents with one identity must not chase each other at full speed. */
const STABLE_MS = 10_000
const MAX_WAIT_MS = 30_000

/**
 * Keeps one link to a gateway: dials, waits with full jitter (0.5 s doubling to 30 s), dials again. After a goaway the old link stays in
 * use until the new one is ready. This loop alone owns the links; it ends with stop(), or with a refusal that is final.
 */
export class Connection {
  /** What /healthz says while there is no link. */
  problem = 'has not connected yet'
  private current: Link | null = null
  private readonly stopping = new AbortController()

  constructor(private readonly options: ConnectionOptions) {}

  isReady(): boolean {
    return this.current !== null
  }

  /** False: not connected. Whoever must be heard sends again after the next ready. */
  send(frame: AgentFrame): boolean {
    return this.current?.send(frame) ?? false
  }

  lastHeardAt(): number {
    return this.current?.lastHeardAt ?? 0
  }

  /** The gateway is silent: give the link up and dial again. */
  abandon(why: string): void {
    this.options.log.warn({ why }, 'Giving up the connection')
    this.current?.terminate()
  }

  stop(): void {
    this.stopping.abort()
    this.current?.close()
  }

  /** Resolves with a final refusal, or with null after stop(). */
  async run(): Promise<LinkEnd | null> {
    const { log } = this.options
    let failures = 0
    while (!this.stopping.signal.aborted) {
      const startedAt = Date.now()
      const link = new Link({
        ...this.options,
        onBadFrame: (problem) => log.warn({ problem }, 'A frame of the gateway did not parse'),
      })
      const stop = (): void => link.close()
      this.stopping.signal.addEventListener('abort', stop)
      const opened = await link.opened
      if ('ready' in opened) {
        this.adopt(link, opened.ready)
        await link.leaving
      }
      this.stopping.signal.removeEventListener('abort', stop)
      if (this.stopping.signal.aborted) break
      const end = 'end' in opened ? opened.end : await Promise.race([link.ended, null])
      failures = 'ready' in opened && Date.now() - startedAt > STABLE_MS ? 1 : failures + 1
      if (end) {
        this.problem = end.text
        if (!end.retry) return end
        log.warn({ why: end.text, failures }, 'Not connected to the gateway')
      }
      await this.wait(failures)
    }
    return null
  }

  private adopt(link: Link, ready: Ready): void {
    const older = this.current
    this.current = link
    older?.close()
    void link.ended.then((end) => {
      if (this.current !== link) return
      this.current = null
      this.problem = end.text
      this.options.onDown()
    })
    this.options.onReady(ready)
  }

  private async wait(failures: number): Promise<void> {
    const ms = backoffMs({ attempt: failures, baseMs: this.options.retryBaseMs ?? 500, maxMs: MAX_WAIT_MS, jitter: 1 })
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined)
  }
}
