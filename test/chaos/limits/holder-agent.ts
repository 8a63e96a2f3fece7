import type { AgentFrame, AttemptRef, FrameOf, GatewayFrame, RunStatus } from '@towline/contract/frames'
import { AGENT_PATH, PROTOCOL_VERSION } from '@towline/contract/frames'
import type { RunSpec } from '@towline/contract/run-spec'
import { encodeMessages, parseGatewayMessage } from '@towline/contract/wire'
import WebSocket from 'ws'
import { Holding } from './holding.ts'
import { writeMark } from './marks.ts'
import { Random } from './random.ts'

export type HolderSettings = {
  name: string
  key: string
  gateways: string[]
  capacity: number
  marks: string
  seed: number
  agentId: string | null
}

/** What is on its way is worth this much of a lease: what may be over is ended before. */
const FENCE_EARLY_MS = 500
const keyOf = ({ runId, attempt }: AttemptRef): string => `${runId}/${attempt}`

/**
 * An agent by the protocol, whose runs are timers and calls inside it, so that hundreds of them end in a second and a kill -9 ends them all at
 * once. It moves to the other gateway when one dies, repeats reports until they are acknowledged, and ends what it holds before its lease is over.
 */
export class HolderAgent {
  readonly #settings: HolderSettings
  readonly #random: Random
  readonly #held = new Map<string, Holding>()
  /** Reports that are not acknowledged yet. */
  readonly #reports = new Map<string, FrameOf<AgentFrame, 'run.status.v1'>>()
  readonly #outgoing: AgentFrame[] = []
  #socket: WebSocket | null = null
  #agentId: string | null
  #gateway: number
  #beats: number[] = []
  #beating: NodeJS.Timeout | null = null
  #leaseMs = 4000

  constructor(settings: HolderSettings) {
    this.#settings = settings
    this.#random = new Random(settings.seed)
    this.#agentId = settings.agentId
    this.#gateway = this.#random.int(0, settings.gateways.length - 1)
    setInterval(() => this.#fence(), 50)
    this.#connect()
  }

  #connect(): void {
    this.#gateway = (this.#gateway + 1) % this.#settings.gateways.length
    const socket = new WebSocket(`${this.#settings.gateways[this.#gateway]?.replace(/^http/, 'ws')}${AGENT_PATH}`, {
      headers: { authorization: `Bearer ${this.#settings.key}` },
      perMessageDeflate: false,
    })
    this.#socket = socket
    socket.on('error', () => undefined)
    socket.on('close', () => this.#reconnect(socket))
    socket.on('open', () => this.#send(this.#hello()))
    socket.on('message', (data) => {
      for (const parsed of parseGatewayMessage(String(data))) if (parsed.kind === 'frame') this.#take(parsed.frame)
    })
  }

  #reconnect(socket: WebSocket): void {
    if (this.#socket !== socket) return
    this.#socket = null
    if (this.#beating) clearInterval(this.#beating)
    this.#outgoing.length = 0
    setTimeout(() => this.#connect(), this.#random.int(30, 200))
  }

  #hello(): AgentFrame {
    const inventory = [...this.#held.values()].map((one) => ({ runId: one.runId, attempt: one.attempt, phase: one.phase }))
    return {
      type: 'agent.hello.v1',
      protocol: PROTOCOL_VERSION,
      ...(this.#agentId ? { agentId: this.#agentId } : {}),
      name: this.#settings.name,
      version: 'chaos',
      host: { hostname: 'chaos', os: 'linux', arch: 'x64', cpus: 1, memoryMb: 1024, pid: process.pid },
      poolType: 'process',
      capacity: this.#settings.capacity,
      capabilities: [],
      clock: Date.now(),
      inventory,
    }
  }

  #take(frame: GatewayFrame): void {
    if (frame.type === 'agent.ready.v1') this.#ready(frame)
    else if (frame.type === 'run.assigned.v1') this.#assigned(frame)
    else if (frame.type === 'run.confirmed.v1') this.#confirmed(frame)
    else if (frame.type === 'agent.heartbeat-ack.v1') this.#renewed(frame)
    else if (frame.type === 'run.cancel.v1') this.#cancel(frame)
    else if (frame.type === 'agent.goaway.v1') this.#socket?.close()
    else if (frame.type === 'frame.error.v1') this.#refused(frame)
    else if (frame.type === 'run.status-ack.v1') {
      for (const id of frame.reportIds) this.#acknowledged(id)
      this.#pull()
    }
  }

  #assigned({ runs }: FrameOf<GatewayFrame, 'run.assigned.v1'>): void {
    for (const { spec, token } of runs) this.#assign(spec, token)
    this.#send({ type: 'run.confirm.v1', runs: runs.map(({ spec }) => ({ runId: spec.runId, attempt: spec.attempt })) })
    this.#pull()
  }

  #confirmed({ ok, stale }: FrameOf<GatewayFrame, 'run.confirmed.v1'>): void {
    this.#drop(stale, 'stale')
    for (const ref of ok) this.#launch(ref)
    this.#pull()
  }

  #ready(frame: FrameOf<GatewayFrame, 'agent.ready.v1'>): void {
    this.#agentId = frame.agentId
    process.send?.({ agentId: frame.agentId })
    this.#leaseMs = frame.leaseSeconds * 1000
    this.#beats = []
    this.#drop(frame.stale, 'stale')
    for (const ref of frame.expected) this.#report(ref, { kind: 'lost', note: 'The agent was killed' })
    for (const ref of frame.cancelling) this.#cancel(ref)
    const unconfirmed = [...this.#held.values()].filter(({ phase }) => phase === 'assigned')
    if (unconfirmed.length > 0) this.#send({ type: 'run.confirm.v1', runs: unconfirmed.map(({ runId, attempt }) => ({ runId, attempt })) })
    for (const report of this.#reports.values()) this.#send(report)
    this.#beating = setInterval(() => this.#beat(), frame.heartbeatSeconds * 1000)
    this.#beat()
    this.#pull()
  }

  #beat(): void {
    const runs = [...this.#held.values()].map(({ runId, attempt }) => ({ runId, attempt }))
    this.#beats.push(performance.now())
    this.#send({ type: 'agent.heartbeat.v1', runs, load: { running: runs.length }, draining: false, clock: Date.now() })
  }

  /** The lease was renewed some time after the beat was sent, so it lasts at least that long from there. */
  #renewed({ stale }: FrameOf<GatewayFrame, 'agent.heartbeat-ack.v1'>): void {
    const sent = this.#beats.shift() ?? 0
    for (const holding of this.#held.values()) if (holding.receivedAt < sent) holding.leaseFrom = Math.max(holding.leaseFrom, sent)
    this.#drop(stale, 'stale')
  }

  #fence(): void {
    const over = performance.now() - this.#leaseMs + FENCE_EARLY_MS
    this.#drop(
      [...this.#held.values()].filter((one) => one.phase !== 'ended' && one.leaseFrom < over),
      'fenced',
    )
  }

  #assign(spec: RunSpec, token: string): void {
    const { marks, gateways } = this.#settings
    const holding = new Holding({ spec, token, marks, gateways, random: new Random(this.#random.int(0, 2 ** 31)) })
    this.#held.set(keyOf(holding), holding)
  }

  #launch(ref: AttemptRef): void {
    const holding = this.#held.get(keyOf(ref))
    if (holding?.phase !== 'assigned') return
    if (this.#random.chance(0.02)) {
      holding.phase = 'ended'
      this.#report(ref, { kind: 'released', note: 'The agent is full' })
    } else void holding.execute((status) => this.#report(ref, status))
  }

  #cancel(ref: AttemptRef): void {
    const holding = this.#held.get(keyOf(ref))
    if (holding) setTimeout(() => holding.cancel((status) => this.#report(ref, status)), this.#random.int(0, 30))
  }

  #drop(refs: readonly AttemptRef[], why: string): void {
    for (const ref of refs.map(keyOf)) {
      this.#held.get(ref)?.close(why)
      this.#held.delete(ref)
    }
  }

  #report({ runId, attempt }: AttemptRef, status: RunStatus): void {
    const frame = { type: 'run.status.v1' as const, reportId: `${runId}/${attempt}/${status.kind}`, runId, attempt, at: Date.now(), status }
    this.#reports.set(frame.reportId, frame)
    this.#send(frame)
  }

  #acknowledged(reportId: string): void {
    const report = this.#reports.get(reportId)
    this.#reports.delete(reportId)
    if (report && report.status.kind !== 'started') this.#held.delete(keyOf(report))
  }

  #refused(frame: FrameOf<GatewayFrame, 'frame.error.v1'>): void {
    if (frame.of === 'agent.heartbeat.v1') this.#beats.shift()
    if (!frame.retry) {
      writeMark(this.#settings.marks, { mark: 'refusal', text: `${frame.of}: ${frame.message}` })
      if (frame.reportId) this.#acknowledged(frame.reportId)
      return
    }
    const { reportId } = frame
    setTimeout(() => {
      const report = reportId === undefined ? undefined : this.#reports.get(reportId)
      const waiting = (frame.runs ?? []).filter((ref) => this.#held.get(keyOf(ref))?.phase === 'assigned')
      if (report) this.#send(report)
      else if (waiting.length > 0) this.#send({ type: 'run.confirm.v1', runs: waiting })
      else this.#pull()
    }, 200)
  }

  #pull(): void {
    this.#send({ type: 'run.pull.v1', credits: Math.max(0, this.#settings.capacity - this.#held.size) })
  }

  /** What is due in one turn shares messages, as of the real agent. */
  #send(frame: AgentFrame): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return
    if (this.#outgoing.push(frame) > 1) return
    setImmediate(() => {
      const frames = this.#outgoing.splice(0)
      if (this.#socket?.readyState === WebSocket.OPEN) for (const message of encodeMessages(frames)) this.#socket.send(message)
    })
  }
}
