import type { AgentFrame, AttemptRef, FrameOf } from '@towline/contract/frames'
import { MAX_FRAME_BYTES } from '@towline/contract/frames'
import { type FrameError, parseAgentMessage } from '@towline/contract/wire'
import { renewLeases } from '@towline/engine/runs/renew-leases'
import type { AgentSocket } from './agent-socket.ts'
import { failureOf } from './failure.ts'
import type { GatewayContext } from './gateway-context.ts'

type Refused = Pick<FrameError, 'reportId' | 'runs' | 'stream'>

/** Takes one wire message of a connected agent. Never throws: whatever is wrong with a frame is answered, and the next one is taken. */
export const routeMessage = (gw: GatewayContext, socket: AgentSocket, text: string, bytes: number): void => {
  if (bytes > MAX_FRAME_BYTES) {
    gw.metrics.closed.inc({ reason: 'too_large' })
    socket.close('too_large')
    return
  }
  socket.lastSeenAt = Date.now()
  const frames = parseAgentMessage(text)
  for (const parsed of frames) {
    if (parsed.kind === 'frame') {
      gw.metrics.framesIn.inc({ type: parsed.frame.type })
      routeFrame(gw, socket, parsed.frame, bytes / frames.length)
    } else if (parsed.kind === 'malformed') {
      gw.metrics.badFrames.inc()
      gw.log.warn({ agentId: socket.agentId, of: parsed.error.of, problem: parsed.error.message }, 'A frame did not parse')
      socket.send(parsed.error)
    }
  }
}

/** Hands the frame to its room in the order of arrival; what comes of it is answered later. */
const routeFrame = (gw: GatewayContext, socket: AgentSocket, frame: AgentFrame, bytes: number): void => {
  const work = (refused: Refused, done: Promise<void>): void => {
    const end = gw.metrics.commitSeconds.startTimer({ type: frame.type })
    void socket.track(bytes, done.catch((error: unknown) => refuse(gw, socket, frame.type, refused, error)).finally(end))
  }
  const runs = 'runId' in frame ? [{ runId: frame.runId, attempt: frame.attempt }] : []
  switch (frame.type) {
    case 'agent.hello.v1':
      socket.send({
        type: 'frame.error.v1',
        code: 'conflict',
        message: 'This connection has said hello before.',
        of: frame.type,
        retry: false,
      })
      break
    case 'run.pull.v1':
      if (socket.credit.pull(frame.credits)) gw.pools.wake(socket.poolId, 'pull')
      break
    case 'run.confirm.v1':
      for (const ref of frame.runs) work({ runs: [ref] }, confirm(gw, socket, ref))
      break
    case 'run.status.v1':
      work({ reportId: frame.reportId, runs }, status(gw, socket, frame))
      break
    case 'run.logs.v1':
      work({ runs, stream: frame.stream }, logs(gw, socket, frame))
      break
    case 'agent.heartbeat.v1':
      work({}, heartbeat(gw, socket, frame))
      break
  }
}

const refuse = (gw: GatewayContext, socket: AgentSocket, of: string, refused: Refused, error: unknown): void => {
  const failure = failureOf(error)
  // While the database is away every frame of every agent comes by here; the loops and /readyz say it often enough.
  const level = failure.code === 'unavailable' ? 'debug' : 'warn'
  gw.log[level]({ err: error, agentId: socket.agentId, of }, 'A frame could not be taken')
  socket.send({ type: 'frame.error.v1', ...failure, of, ...refused })
}

const confirm = async (gw: GatewayContext, socket: AgentSocket, ref: AttemptRef): Promise<void> => {
  socket.credit.answer(ref)
  socket.answerConfirm(ref, await gw.intake.confirms.add({ agentId: socket.agentId, ...ref }))
}

const status = async (gw: GatewayContext, socket: AgentSocket, report: FrameOf<AgentFrame, 'run.status.v1'>): Promise<void> => {
  if (report.status.kind === 'released') socket.credit.answer(report)
  await gw.intake.statuses.add({ agentId: socket.agentId, workspaceId: socket.identity.workspaceId, report })
  socket.acknowledgeReport(report.reportId)
}

const logs = async (gw: GatewayContext, socket: AgentSocket, frame: FrameOf<AgentFrame, 'run.logs.v1'>): Promise<void> => {
  const { runId, attempt, stream, lines } = frame
  const seq = await gw.intake.logs.add({ workspaceId: socket.identity.workspaceId, runId, attempt, stream, lines })
  socket.send({ type: 'run.logs-ack.v1', runId, attempt, stream, seq })
}

const heartbeat = async (gw: GatewayContext, socket: AgentSocket, frame: FrameOf<AgentFrame, 'agent.heartbeat.v1'>): Promise<void> => {
  const { agentId } = socket
  const [renewed, held] = await Promise.all([
    frame.runs.length === 0 ? { stale: [] } : renewLeases(gw.engine, { agentId, refs: frame.runs, leaseSeconds: gw.limits.leaseSeconds }),
    gw.intake.beats.add({ agentId, load: frame.load, draining: frame.draining, clock: frame.clock }),
  ])
  if (!held) {
    gw.metrics.closed.inc({ reason: 'replaced' })
    return socket.close('replaced')
  }
  socket.send({ type: 'agent.heartbeat-ack.v1', stale: renewed.stale, clock: gw.engine.clock.now().getTime() })
}
