import { AppError } from '@towline/contract/app-error'
import type { CloseReason } from '@towline/contract/close-reasons'
import { type AgentFrame, type FrameOf, PROTOCOL_VERSION } from '@towline/contract/frames'
import { encodeMessages, type FrameError, parseAgentMessage } from '@towline/contract/wire'
import type { RawData, WebSocket } from 'ws'

export type Hello = FrameOf<AgentFrame, 'agent.hello.v1'>

/** Thrown by the handshake: how the socket is to be closed. */
export class Refusal extends Error {
  constructor(
    readonly reason: CloseReason,
    text: string,
  ) {
    super(text)
  }
}

export const textOf = (data: RawData): string => {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8')
}

/**
 * The first frame of a connection. Anything else before it is answered with its error and does not end the wait; a hello of another
 * protocol is refused in words that an old or new agent can print. Rejects with a Refusal.
 */
export const greetAgent = (ws: WebSocket, helloSeconds: number): Promise<Hello> =>
  new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      ws.off('message', onMessage)
      ws.off('close', onClose)
      act()
    }
    const onClose = (): void => settle(() => reject(new AppError('conflict', 'The agent hung up before its hello')))
    const onMessage = (data: RawData): void => {
      for (const parsed of parseAgentMessage(textOf(data))) {
        const outcome = judge(parsed)
        if (outcome.kind === 'answer') for (const message of encodeMessages([outcome.answer])) ws.send(message)
        else return void settle(() => (outcome.kind === 'hello' ? resolve(outcome.hello) : reject(outcome.refusal)))
      }
    }
    const timer = setTimeout(
      () => settle(() => reject(new Refusal('hello_timeout', `No hello arrived within ${helloSeconds} s.`))),
      helloSeconds * 1000,
    )
    ws.on('message', onMessage)
    ws.once('close', onClose)
  })

type Verdict = { kind: 'hello'; hello: Hello } | { kind: 'refused'; refusal: Refusal } | { kind: 'answer'; answer: FrameError }

const judge = (parsed: ReturnType<typeof parseAgentMessage>[number]): Verdict => {
  if (parsed.kind === 'malformed') return { kind: 'answer', answer: parsed.error }
  const type = parsed.kind === 'unknown' ? parsed.type : parsed.frame.type
  if (parsed.kind === 'frame' && parsed.frame.type === 'agent.hello.v1') {
    if (parsed.frame.protocol === PROTOCOL_VERSION) return { kind: 'hello', hello: parsed.frame }
    return { kind: 'refused', refusal: versionRefusal(`protocol ${parsed.frame.protocol}`) }
  }
  if (parsed.kind === 'unknown' && type.startsWith('agent.hello.')) return { kind: 'refused', refusal: versionRefusal(type) }
  return {
    kind: 'answer',
    answer: { type: 'frame.error.v1', code: 'conflict', message: 'The first frame is agent.hello.v1.', of: type, retry: false },
  }
}

const versionRefusal = (theirs: string): Refusal =>
  new Refusal('unsupported_version', `This gateway speaks protocol ${PROTOCOL_VERSION}, the agent ${theirs}. Upgrade the older.`)
