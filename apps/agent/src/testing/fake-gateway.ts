import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AgentFrame, AttemptRef, FrameOf, GatewayFrame } from '@towline/contract/frames'
import type { RunSpec } from '@towline/contract/run-spec'
import { encodeMessages, parseAgentMessage } from '@towline/contract/wire'
import { newId } from '@towline/service/new-id'
import { until } from '@towline/service/until'
import { type WebSocket, WebSocketServer } from 'ws'

type Ready = FrameOf<GatewayFrame, 'agent.ready.v1'>

/** A gateway that does what a test says, over real sockets. It acknowledges what `acknowledge` names, and nothing else by itself. */
export class FakeGateway {
  readonly frames: AgentFrame[] = []
  readonly sockets: WebSocket[] = []
  readonly bundles = new Map<string, Buffer>()
  ready: Partial<Ready> = {}
  acknowledge = { reports: true, logs: true, confirms: true }
  private readonly agentId = newId()
  private readonly poolId = newId()

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {
    const sockets = new WebSocketServer({ server, path: '/v1/agent' })
    sockets.on('connection', (ws) => this.accept(ws))
  }

  static async open(port = 0): Promise<FakeGateway> {
    const server = createServer((request, response) => {
      const content = gateway.bundles.get(request.headers.authorization ?? '')
      if (content) response.end(content)
      else response.writeHead(404).end('no such bundle')
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    const gateway = new FakeGateway(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    return gateway
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  send(...frames: GatewayFrame[]): void {
    for (const message of encodeMessages(frames)) this.sockets.at(-1)?.send(message)
  }

  assign(...specs: RunSpec[]): void {
    this.send({ type: 'run.assigned.v1', runs: specs.map((spec) => ({ spec, token: 'tlr_test', leaseSeconds: 40 })) })
  }

  async next<T extends AgentFrame['type']>(
    type: T,
    where: (frame: FrameOf<AgentFrame, T>) => boolean = () => true,
  ): Promise<FrameOf<AgentFrame, T>> {
    let found = -1
    await until(
      () => {
        found = this.frames.findIndex((frame) => frame.type === type && where(frame as FrameOf<AgentFrame, T>))
        return found >= 0
      },
      { what: `a frame ${type} (have ${JSON.stringify(this.frames.slice(-4))})` },
    )
    return this.frames.splice(found, 1)[0] as FrameOf<AgentFrame, T>
  }

  status<K extends FrameOf<AgentFrame, 'run.status.v1'>['status']['kind']>(
    kind: K,
    runId?: string,
  ): Promise<FrameOf<AgentFrame, 'run.status.v1'>> {
    return this.next('run.status.v1', (frame) => frame.status.kind === kind && (runId === undefined || frame.runId === runId))
  }

  cut(): void {
    for (const ws of this.sockets.splice(0)) ws.terminate()
  }

  async close(): Promise<void> {
    this.cut()
    this.server.close()
    this.server.closeAllConnections()
  }

  private accept(ws: WebSocket): void {
    this.sockets.push(ws)
    ws.on('message', (data) => {
      for (const parsed of parseAgentMessage(data.toString())) {
        if (parsed.kind !== 'frame') throw new Error(`The agent sent ${data.toString()}`)
        this.frames.push(parsed.frame)
        const answer = this.answer(parsed.frame)
        if (answer) ws.send(JSON.stringify(answer))
      }
    })
  }

  private answer(frame: AgentFrame): GatewayFrame | null {
    const clock = Date.now()
    if (frame.type === 'agent.hello.v1') {
      const pool = { id: this.poolId, name: 'main', type: 'process' as const, paused: false }
      const empty = { stale: [] as AttemptRef[], expected: [] as AttemptRef[], cancelling: [] }
      return {
        type: 'agent.ready.v1',
        agentId: frame.agentId ?? this.agentId,
        agentName: frame.name,
        pool,
        heartbeatSeconds: 0.1,
        leaseSeconds: 0.4,
        runApiUrl: this.url,
        clock,
        ...empty,
        ...this.ready,
      }
    }
    if (frame.type === 'run.confirm.v1') return this.acknowledge.confirms ? { type: 'run.confirmed.v1', ok: frame.runs, stale: [] } : null
    if (frame.type === 'agent.heartbeat.v1') return { type: 'agent.heartbeat-ack.v1', stale: [], clock }
    if (frame.type === 'run.status.v1') return this.acknowledge.reports ? { type: 'run.status-ack.v1', reportIds: [frame.reportId] } : null
    if (frame.type !== 'run.logs.v1' || !this.acknowledge.logs) return null
    const { runId, attempt, stream, lines } = frame
    return { type: 'run.logs-ack.v1', runId, attempt, stream, seq: lines.at(-1)?.seq ?? 0 }
  }
}

export const specOf = (command: string, more: Partial<RunSpec> = {}): RunSpec => ({
  workspaceId: newId(),
  runId: newId(),
  runName: 'brisk-otter',
  attempt: 1,
  deployment: 'job',
  flow: 'job',
  code: { kind: 'command', command: ['/bin/sh', '-c', command] },
  parameters: {},
  variables: { graceSeconds: 1 },
  tags: [],
  timeoutSeconds: null,
  ...more,
})
