import type { AgentFrame, AttemptRef, FrameOf, GatewayFrame } from '@towline/contract/frames'
import { AGENT_PATH, PROTOCOL_VERSION } from '@towline/contract/frames'
import { encodeMessages, parseGatewayMessage } from '@towline/contract/wire'
import WebSocket from 'ws'

type Options = {
  url: string
  key: string
  name: string
  capacity: number
  onAssigned?: (runs: readonly AttemptRef[]) => void
  /** How long each run takes; without it, no time at all. */
  holdMs?: number
  onExited?: (run: AttemptRef) => void
  /** Runs whose end is acknowledged, and so durable. */
  onFinished?: (count: number) => void
}

/**
 * Speaks the agent protocol and launches nothing: every confirmed run is reported as started and as exited with 0 at once. What it
 * costs is what the control plane costs. Frames that are due at the same time share a message, as those of the real agent do.
 */
export class ProtocolAgent {
  readonly #options: Options
  readonly #socket: WebSocket
  readonly #outgoing: AgentFrame[] = []
  readonly #held = new Set<string>()
  #sending = false
  #heartbeat: NodeJS.Timeout | null = null

  static async connect(options: Options): Promise<ProtocolAgent> {
    const socket = new WebSocket(`${options.url.replace(/^http/, 'ws')}${AGENT_PATH}`, {
      headers: { authorization: `Bearer ${options.key}` },
      perMessageDeflate: false,
    })
    const agent = new ProtocolAgent(socket, options)
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.once('close', (code, reason) => reject(new Error(`the gateway closed the socket: ${code} ${reason}`)))
      agent.#onReady = resolve
    })
    return agent
  }

  #onReady: () => void = () => undefined

  private constructor(socket: WebSocket, options: Options) {
    this.#socket = socket
    this.#options = options
    socket.on('open', () =>
      this.#send({
        type: 'agent.hello.v1',
        protocol: PROTOCOL_VERSION,
        name: options.name,
        version: 'bench',
        host: { hostname: 'bench', os: 'linux', arch: 'x64', cpus: 1, memoryMb: 1024, pid: process.pid },
        poolType: 'process',
        capacity: options.capacity,
        capabilities: [],
        clock: Date.now(),
        inventory: [],
      }),
    )
    socket.on('message', (data) => {
      for (const parsed of parseGatewayMessage(String(data))) if (parsed.kind === 'frame') this.#take(parsed.frame)
    })
  }

  close(): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat)
    this.#socket.terminate()
  }

  #take(frame: GatewayFrame): void {
    switch (frame.type) {
      case 'agent.ready.v1':
        this.#start(frame)
        break
      case 'run.assigned.v1':
        this.#assigned(frame)
        break
      case 'run.confirmed.v1':
        this.#confirmed(frame)
        break
      case 'run.status-ack.v1':
        this.#options.onFinished?.(frame.reportIds.filter((id) => id.endsWith('-exited')).length)
        break
      case 'frame.error.v1':
        throw new Error(`the gateway refused ${frame.of}: ${frame.message}`)
    }
  }

  #start({ heartbeatSeconds }: FrameOf<GatewayFrame, 'agent.ready.v1'>): void {
    this.#heartbeat = setInterval(() => {
      const runs = [...this.#held].map((key) => ({ runId: key.slice(0, 36), attempt: Number(key.slice(37)) }))
      this.#send({ type: 'agent.heartbeat.v1', runs, load: { running: runs.length }, draining: false, clock: Date.now() })
    }, heartbeatSeconds * 1000)
    this.#pull()
    this.#onReady()
  }

  #assigned({ runs }: FrameOf<GatewayFrame, 'run.assigned.v1'>): void {
    const refs = runs.map(({ spec }) => ({ runId: spec.runId, attempt: spec.attempt }))
    this.#options.onAssigned?.(refs)
    for (const ref of refs) this.#held.add(`${ref.runId}-${ref.attempt}`)
    this.#send({ type: 'run.confirm.v1', runs: refs })
    this.#pull()
  }

  #confirmed({ ok, stale }: FrameOf<GatewayFrame, 'run.confirmed.v1'>): void {
    if (stale.length > 0) throw new Error(`${stale.length} runs were taken back`)
    const { holdMs } = this.#options
    for (const ref of ok) {
      this.#report(ref, 'started', { kind: 'started', infrastructure: { type: 'process', pid: 1 } })
      if (holdMs === undefined) this.#exit(ref)
      else setTimeout(() => this.#exit(ref), holdMs)
    }
    this.#pull()
  }

  #exit(ref: AttemptRef): void {
    this.#options.onExited?.(ref)
    this.#report(ref, 'exited', { kind: 'exited', exit: { exitCode: 0, signal: null, outOfMemory: false }, cause: 'self' })
    this.#held.delete(`${ref.runId}-${ref.attempt}`)
    if (this.#options.holdMs !== undefined) this.#pull()
  }

  #report({ runId, attempt }: AttemptRef, name: string, status: FrameOf<AgentFrame, 'run.status.v1'>['status']): void {
    this.#send({ type: 'run.status.v1', reportId: `${runId}-${attempt}-${name}`, runId, attempt, at: Date.now(), status })
  }

  #pull(): void {
    this.#send({ type: 'run.pull.v1', credits: this.#options.capacity - this.#held.size })
  }

  #send(frame: AgentFrame): void {
    this.#outgoing.push(frame)
    if (this.#sending) return
    this.#sending = true
    setImmediate(() => {
      this.#sending = false
      for (const message of encodeMessages(this.#outgoing.splice(0))) this.#socket.send(message)
    })
  }
}
