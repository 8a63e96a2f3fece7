import { z } from 'zod'
import {
  type AgentFrame,
  agentFrameSchema,
  type FrameOf,
  type GatewayFrame,
  gatewayFrameSchema,
  logStreamSchema,
  MAX_FRAME_BYTES,
} from './frames.ts'
import { idSchema } from './ids.ts'

/** A wire message is one frame or an array of frames. What one element of it turned out to be: */
export type Parsed<F> =
  | { kind: 'frame'; frame: F }
  /** A type that this side does not know: ignored, so that either side may learn new frames first. */
  | { kind: 'unknown'; type: string }
  | { kind: 'malformed'; error: FrameError }

export type FrameError = FrameOf<GatewayFrame, 'frame.error.v1'>

/** What a message may hold at most, whatever the size of its frames. */
export const MAX_FRAMES_PER_MESSAGE = 10_000

const typesOf = (schema: typeof agentFrameSchema | typeof gatewayFrameSchema): ReadonlySet<string> =>
  new Set(schema.options.map((option) => option.shape.type.value))

export const AGENT_FRAME_TYPES = typesOf(agentFrameSchema)
export const GATEWAY_FRAME_TYPES = typesOf(gatewayFrameSchema)

/** Names what was refused as far as it can be read, so that the sender can drop it. */
const refused = z.object({
  reportId: z.string().max(100).optional().catch(undefined),
  runId: idSchema.optional().catch(undefined),
  attempt: z.int().positive().optional().catch(undefined),
  stream: logStreamSchema.optional().catch(undefined),
})

const malformed = (message: string, of: string | null, frame: object = {}): Parsed<never> => {
  const { reportId, runId, attempt, stream } = refused.parse(frame)
  const error: FrameError = { type: 'frame.error.v1', code: 'invalid_input', message, of, retry: false }
  if (reportId) error.reportId = reportId
  if (runId && attempt) error.runs = [{ runId, attempt }]
  if (stream) error.stream = stream
  return { kind: 'malformed', error }
}

/** `runs.0.attempt: Invalid input: expected number, received string`, at most three of them. */
const describe = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'frame'}: ${issue.message}`)
    .join('; ')

const parseFrame = <F>(value: unknown, schema: z.ZodType<F>, known: ReadonlySet<string>): Parsed<F> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('frame: a frame is a JSON object', null)
  const type = 'type' in value ? value.type : undefined
  if (typeof type !== 'string') return malformed('type: every frame has a type', null)
  if (!known.has(type)) return { kind: 'unknown', type: type.slice(0, 100) }
  const parsed = schema.safeParse(value)
  return parsed.success ? { kind: 'frame', frame: parsed.data } : malformed(describe(parsed.error), type, value)
}

const parseMessage = <F>(text: string, schema: z.ZodType<F>, known: ReadonlySet<string>): Parsed<F>[] => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return [malformed('message: not JSON', null)]
  }
  if (!Array.isArray(value)) return [parseFrame(value, schema, known)]
  if (value.length > MAX_FRAMES_PER_MESSAGE) return [malformed(`message: more than ${MAX_FRAMES_PER_MESSAGE} frames`, null)]
  return value.map((element) => parseFrame(element, schema, known))
}

export const parseAgentMessage = (text: string): Parsed<AgentFrame>[] => parseMessage(text, agentFrameSchema, AGENT_FRAME_TYPES)
export const parseGatewayMessage = (text: string): Parsed<GatewayFrame>[] => parseMessage(text, gatewayFrameSchema, GATEWAY_FRAME_TYPES)

/**
 * Packs frames into as few messages as the size bound allows, in their order. A frame that is larger than the bound by itself
 * goes alone: whoever makes frames keeps them small. UTF-16 length × 3 bounds the UTF-8 size without encoding twice.
 */
export const encodeMessages = (frames: readonly (AgentFrame | GatewayFrame)[], maxBytes = MAX_FRAME_BYTES): string[] => {
  const messages: string[] = []
  let parts: string[] = []
  let bytes = 2
  const close = (): void => {
    if (parts.length > 0) messages.push(parts.length === 1 ? (parts[0] as string) : `[${parts.join(',')}]`)
    parts = []
    bytes = 2
  }
  for (const frame of frames) {
    const text = JSON.stringify(frame)
    const size = sizeOf(text, maxBytes) + 1
    if (parts.length > 0 && (bytes + size > maxBytes || parts.length === MAX_FRAMES_PER_MESSAGE)) close()
    parts.push(text)
    bytes += size
  }
  close()
  return messages
}

const encoder = new TextEncoder()

/** Exact only where it matters: small texts are counted as if every character took three bytes. */
const sizeOf = (text: string, maxBytes: number): number => (text.length * 3 < maxBytes / 64 ? text.length * 3 : encoder.encode(text).length)
