import { describe, expect, it } from 'vitest'
import type { AgentFrame } from './frames.ts'
import { encodeMessages, parseAgentMessage } from './wire.ts'

const pull = (credits: number): AgentFrame => ({ type: 'run.pull.v1', credits })

describe('wire messages', () => {
  it('one frame travels as an object, several as an array, and the order is kept', () => {
    expect(encodeMessages([pull(1)])).toEqual(['{"type":"run.pull.v1","credits":1}'])
    const [message, ...more] = encodeMessages([pull(1), pull(2), pull(3)])
    expect(more).toEqual([])
    expect(parseAgentMessage(message ?? '').map((parsed) => parsed.kind === 'frame' && parsed.frame)).toEqual([pull(1), pull(2), pull(3)])
  })

  it('no message exceeds the bound while its frames allow it, counted in bytes', () => {
    const line = { seq: 1, at: 0, text: 'ü'.repeat(300) }
    const frame: AgentFrame = {
      type: 'run.logs.v1',
      runId: '0199f3a0-0000-7000-8000-000000000001',
      attempt: 1,
      stream: 'stdout',
      lines: [line],
    }
    const messages = encodeMessages(
      Array.from({ length: 20 }, () => frame),
      4000,
    )
    expect(messages.length).toBeGreaterThan(1)
    for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4000)
    expect(messages.flatMap(parseAgentMessage)).toHaveLength(20)
  })

  it('a bad frame among good ones spoils only itself, and an unknown type is no error', () => {
    const kinds = parseAgentMessage('[{"type":"run.pull.v1","credits":1},{"type":"run.pull.v1"},{"type":"run.dance.v9"}]').map(
      (parsed) => parsed.kind,
    )
    expect(kinds).toEqual(['frame', 'malformed', 'unknown'])
  })
})
