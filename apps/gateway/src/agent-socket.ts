import { CLOSE_REASONS, type CloseReason } from '@towline/contract/close-reasons'
import type { AttemptRef, GatewayFrame } from '@towline/contract/frames'
import { encodeMessages } from '@towline/contract/wire'
import type { AgentIdentity } from '@towline/engine/agents/authenticate-agent'
import type { WebSocket } from 'ws'
import { Credit } from './credit.ts'

/** Beyond this the agent gets no more runs; beyond four times as much it is cut off. */
const OUTBOUND_BYTES = 4 * 1024 * 1024
/** Beyond these the socket is not read any more until half of it is done. */
const INBOUND_BYTES = 8 * 1024 * 1024
const INBOUND_FRAMES = 2000

/**
 * One agent's connection after `ready`. Modes: open -> leaving (goaway was sent: no more runs, the rest goes on) -> closed. Frames that
 * are sent in one turn of the event loop leave as one message; acknowledgements of one turn as one frame.
 */
export class AgentSocket {
  readonly credit = new Credit()
  lastSeenAt: number
  leaving = false
  closed = false
  private queue: GatewayFrame[] = []
  private reportAcks: string[] = []
  private confirmedOk: AttemptRef[] = []
  private confirmedStale: AttemptRef[] = []
  private flushing = false
  private pendingFrames = 0
  private pendingBytes = 0
  private paused = false

  constructor(
    private readonly ws: WebSocket,
    readonly identity: AgentIdentity,
    readonly agentId: string,
    readonly agentName: string,
    now: number,
  ) {
    this.lastSeenAt = now
  }

  get poolId(): string {
    return this.identity.pool.id
  }

  /** May be handed runs, as far as the connection is concerned. */
  canTake(): boolean {
    return !this.closed && !this.leaving && this.ws.bufferedAmount < OUTBOUND_BYTES
  }

  send(frame: GatewayFrame): void {
    this.queue.push(frame)
    this.flushSoon()
  }

  acknowledgeReport(reportId: string): void {
    this.reportAcks.push(reportId)
    this.flushSoon()
  }

  answerConfirm(ref: AttemptRef, ok: boolean): void {
    ;(ok ? this.confirmedOk : this.confirmedStale).push(ref)
    this.flushSoon()
  }

  private flushSoon(): void {
    if (this.flushing || this.closed) return
    this.flushing = true
    setImmediate(() => this.flush())
  }

  private flush(): void {
    this.flushing = false
    const frames = this.queue.splice(0)
    if (this.confirmedOk.length + this.confirmedStale.length > 0) {
      frames.push({ type: 'run.confirmed.v1', ok: this.confirmedOk.splice(0), stale: this.confirmedStale.splice(0) })
    }
    if (this.reportAcks.length > 0) frames.push({ type: 'run.status-ack.v1', reportIds: this.reportAcks.splice(0) })
    if (this.closed) return
    for (const message of encodeMessages(frames)) this.ws.send(message)
    if (this.ws.bufferedAmount > 4 * OUTBOUND_BYTES) this.close('too_slow')
  }

  /** Bounds what one agent may have under way here: the rest waits in its own socket. */
  async track(bytes: number, work: Promise<void>): Promise<void> {
    this.pendingFrames += 1
    this.pendingBytes += bytes
    if (!this.paused && (this.pendingFrames > INBOUND_FRAMES || this.pendingBytes > INBOUND_BYTES)) {
      this.paused = true
      this.ws.pause()
    }
    await work
    this.pendingFrames -= 1
    this.pendingBytes -= bytes
    if (this.paused && this.pendingFrames < INBOUND_FRAMES / 2 && this.pendingBytes < INBOUND_BYTES / 2) {
      this.paused = false
      this.ws.resume()
    }
  }

  /** Not read on purpose, so silence says nothing about the agent. */
  isPaused(): boolean {
    return this.paused
  }

  close(reason: CloseReason): void {
    if (this.closed) return
    if (reason === 'going_away') this.flush()
    this.closed = true
    closeWith(this.ws, reason)
  }

  /** The connection is gone already. */
  markClosed(): void {
    this.closed = true
  }
}

/** A peer that does not answer the closing handshake is cut off after this long. */
const CLOSE_MS = 3000

export const closeWith = (ws: WebSocket, reason: CloseReason, text: string = CLOSE_REASONS[reason].text): void => {
  // A close reason holds at most 123 bytes.
  ws.close(CLOSE_REASONS[reason].code, Buffer.from(text).subarray(0, 120).toString('latin1'))
  const timer = setTimeout(() => ws.terminate(), CLOSE_MS)
  timer.unref()
  ws.once('close', () => clearTimeout(timer))
}
