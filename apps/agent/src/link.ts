import { CLOSE_REASONS, type CloseReason, closeReasonOf } from '@towline/contract/close-reasons'
import { AGENT_PATH, type AgentFrame, type FrameOf, type GatewayFrame } from '@towline/contract/frames'
import { encodeMessages, parseGatewayMessage } from '@towline/contract/wire'
import { WebSocket } from 'ws'

export type Ready = FrameOf<GatewayFrame, 'agent.ready.v1'>
export type LinkEnd = {
  /** Null: the network, a proxy. */
  reason: CloseReason | null
  /** One sentence for the log and for /healthz. */
  text: string
  /** False: connecting again cannot help until somebody acts. */
  retry: boolean
}

type LinkOptions = {
  url: string
  key: string
  hello(): AgentFrame
  /** Frames after ready, in order. */
  onFrame(frame: GatewayFrame): void
  onBadFrame(problem: string): void
  readyTimeoutMs?: number
}

/** One WebSocket, from dialling to its end. Modes: dialling -> ready -> (leaving: goaway was received) -> ended. */
export class Link {
  /** Ready, or how the attempt to connect ended. */
  readonly opened: Promise<{ ready: Ready } | { end: LinkEnd }>
  readonly ended: Promise<LinkEnd>
  /** The gateway asked for a new connection, or the link ended. */
  readonly leaving: Promise<void>
  lastHeardAt = Date.now()
  private readonly ws: WebSocket
  private queue: AgentFrame[] = []
  private flushing = false
  private isReady = false
  private isEnded = false

  constructor({ url, key, hello, onFrame, onBadFrame, readyTimeoutMs = 15_000 }: LinkOptions) {
    const endpoint = `${url.replace(/^http/, 'ws')}${AGENT_PATH}`
    // Twice the protocol's bound: whoever exceeds it is a broken gateway, which is cut off.
    this.ws = new WebSocket(endpoint, {
      headers: { authorization: `Bearer ${key}` },
      handshakeTimeout: 10_000,
      perMessageDeflate: false,
      maxPayload: 2 ** 21,
    })
    let fault = ''
    const readyTimer = setTimeout(() => {
      fault = 'The gateway did not say ready in time'
      this.ws.terminate()
    }, readyTimeoutMs)
    this.ws.on('error', (error: Error & { code?: string }) => {
      fault ||= error.message || error.code || 'The connection failed'
    })
    this.ws.on('open', () => this.ws.send(JSON.stringify(hello())))

    this.ended = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => {
        clearTimeout(readyTimer)
        this.isEnded = true
        resolve(endOf(code, reason.toString('utf8'), fault))
      })
    })
    let leave: () => void = () => undefined
    this.leaving = new Promise((resolve) => {
      leave = resolve
    })
    void this.ended.then(leave)
    this.opened = new Promise((resolve) => {
      void this.ended.then((end) => resolve({ end }))
      this.ws.on('message', (data) => {
        this.lastHeardAt = Date.now()
        for (const parsed of parseGatewayMessage(data.toString())) {
          if (parsed.kind === 'malformed') onBadFrame(parsed.error.message)
          if (parsed.kind !== 'frame') continue
          if (parsed.frame.type === 'agent.ready.v1' && !this.isReady) {
            clearTimeout(readyTimer)
            this.isReady = true
            resolve({ ready: parsed.frame })
          } else if (parsed.frame.type === 'agent.goaway.v1') leave()
          else onFrame(parsed.frame)
        }
      })
    })
  }

  /** Frames of one turn leave as one message. False: the link is over, nothing was taken. */
  send(frame: AgentFrame): boolean {
    if (this.isEnded || !this.isReady) return false
    this.queue.push(frame)
    if (!this.flushing) {
      this.flushing = true
      setImmediate(() => this.flush())
    }
    return true
  }

  close(): void {
    if (!this.isEnded) this.flush()
    this.ws.close(1000)
    const timer = setTimeout(() => this.ws.terminate(), 2000)
    void this.ended.then(() => clearTimeout(timer))
  }

  /** The other side is silent: do not wait for its part of a closing handshake. */
  terminate(): void {
    this.ws.terminate()
  }

  private flush(): void {
    this.flushing = false
    const frames = this.queue.splice(0)
    if (this.ws.readyState !== WebSocket.OPEN) return
    for (const message of encodeMessages(frames)) this.ws.send(message)
  }
}

const endOf = (code: number, text: string, fault: string): LinkEnd => {
  const { reason, retry } = closeReasonOf(code)
  if (reason) return { reason, text: text || CLOSE_REASONS[reason].text, retry }
  return { reason, text: fault || text || `The connection was lost (code ${code})`, retry }
}
