import { type AgentFrame, type FrameOf, type GatewayFrame, PROTOCOL_VERSION } from '@towline/contract/frames'
import { encodeMessages, parseGatewayMessage } from '@towline/contract/wire'
import { until } from '@towline/service/until'
import { WebSocket } from 'ws'

type Frame<T extends GatewayFrame['type']> = FrameOf<GatewayFrame, T>
export type Closed = { code: number; reason: string }

/** An agent that does what a test says, frame by frame, over a real socket. */
export class TestAgent {
  readonly frames: GatewayFrame[] = []
  closed: Closed | null = null
  private readonly ws: WebSocket

  private constructor(ws: WebSocket) {
    this.ws = ws
    ws.on('error', () => undefined)
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
    })
    ws.on('message', (data) => {
      for (const parsed of parseGatewayMessage(data.toString())) {
        if (parsed.kind !== 'frame') throw new Error(`The gateway sent ${data.toString()}`)
        this.frames.push(parsed.frame)
      }
    })
  }

  static async dial(url: string, key: string): Promise<TestAgent> {
    const ws = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/agent`, { headers: { authorization: `Bearer ${key}` } })
    const agent = new TestAgent(ws)
    await new Promise((resolve, reject) => {
      ws.once('open', resolve)
      ws.once('error', reject)
    })
    return agent
  }

  /** Dials, says hello and waits for ready. */
  static async connect(
    url: string,
    key: string,
    hello: Partial<FrameOf<AgentFrame, 'agent.hello.v1'>> = {},
  ): Promise<TestAgent & { ready: Frame<'agent.ready.v1'> }> {
    const agent = await TestAgent.dial(url, key)
    agent.send(helloFrame(hello))
    const ready = await agent.next('agent.ready.v1')
    return Object.assign(agent, { ready })
  }

  send(...frames: AgentFrame[]): void {
    for (const message of encodeMessages(frames)) this.sendText(message)
  }

  sendText(text: string): void {
    this.ws.send(text)
  }

  /** The next frame of the type after the last one that was asked for; frames of other types in between are kept. */
  async next<T extends GatewayFrame['type']>(type: T, where: (frame: Frame<T>) => boolean = () => true): Promise<Frame<T>> {
    let found = -1
    await until(
      () => {
        found = this.frames.findIndex((frame) => frame.type === type && where(frame as Frame<T>))
        return found >= 0
      },
      { what: `a frame ${type} (have: ${JSON.stringify(this.frames.slice(-5))}, closed: ${JSON.stringify(this.closed)})`, timeoutMs: 8000 },
    )
    const [frame] = this.frames.splice(found, 1)
    return frame as Frame<T>
  }

  of<T extends GatewayFrame['type']>(type: T): Frame<T>[] {
    return this.frames.filter((frame): frame is Frame<T> => frame.type === type)
  }

  async end(): Promise<Closed> {
    await until(() => this.closed !== null, { what: 'the end of the socket' })
    return this.closed as Closed
  }

  /** A round trip: whatever was sent before has been taken by then. */
  async settle(): Promise<void> {
    this.send({ type: 'agent.heartbeat.v1', runs: [], load: { running: 0 }, draining: false, clock: Date.now() })
    await this.next('agent.heartbeat-ack.v1')
  }

  /** Pulls and confirms, and returns what was assigned. */
  async take(credits: number, count: number = credits): Promise<Frame<'run.assigned.v1'>['runs']> {
    this.send({ type: 'run.pull.v1', credits })
    const runs: Frame<'run.assigned.v1'>['runs'] = []
    while (runs.length < count) runs.push(...(await this.next('run.assigned.v1')).runs)
    const refs = runs.map(({ spec: { runId, attempt } }) => ({ runId, attempt }))
    this.send({ type: 'run.confirm.v1', runs: refs })
    let ok = 0
    while (ok < refs.length) ok += (await this.next('run.confirmed.v1')).ok.length
    return runs
  }

  /** Cut, without a closing handshake. */
  cut(): void {
    this.ws.terminate()
  }

  pauseReading(): void {
    this.ws.pause()
  }
}

export const helloFrame = (more: Partial<FrameOf<AgentFrame, 'agent.hello.v1'>> = {}): FrameOf<AgentFrame, 'agent.hello.v1'> => ({
  type: 'agent.hello.v1',
  protocol: PROTOCOL_VERSION,
  name: 'test-agent',
  version: '0.0.0',
  host: { hostname: 'test', os: 'linux', arch: 'x64', cpus: 2, memoryMb: 1000, pid: 1 },
  capacity: 10,
  capabilities: [],
  clock: Date.now(),
  inventory: [],
  ...more,
})

export const statusFrame = (
  ref: { runId: string; attempt: number },
  n: number,
  status: FrameOf<AgentFrame, 'run.status.v1'>['status'],
): FrameOf<AgentFrame, 'run.status.v1'> => ({
  type: 'run.status.v1',
  reportId: `${ref.runId}.${ref.attempt}.${n}`,
  runId: ref.runId,
  attempt: ref.attempt,
  at: Date.now(),
  status,
})
