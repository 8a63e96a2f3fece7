import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AGENT_FRAME_TYPES, GATEWAY_FRAME_TYPES, type Parsed, parseAgentMessage, parseGatewayMessage } from '../wire.ts'

const read = (folder: string): { name: string; text: string }[] => {
  const url = new URL(folder, import.meta.url)
  const names = readdirSync(url).filter((name) => name.endsWith('.json'))
  return names.map((name) => ({ name, text: readFileSync(new URL(name, `${url.href}/`), 'utf8') }))
}

const parse = (text: string): Parsed<unknown>[] => {
  const value = JSON.parse(text) as { type: string } | { type: string }[]
  const type = Array.isArray(value) ? value[0]?.type : value.type
  return AGENT_FRAME_TYPES.has(type ?? '') ? parseAgentMessage(text) : parseGatewayMessage(text)
}

const frames = read('.')

describe('golden frames', () => {
  it.each(frames)('$name parses, and nothing in it is dropped', ({ text }) => {
    const value = JSON.parse(text) as unknown
    const wanted = (Array.isArray(value) ? value : [value]).map((frame) => ({ kind: 'frame', frame }))
    expect(parse(text)).toEqual(wanted)
  })

  it('there is one for every frame type, so a change of any frame shows in review', () => {
    const have = frames.map(({ name }) => name.replace(/\.json$/, ''))
    expect([...AGENT_FRAME_TYPES, ...GATEWAY_FRAME_TYPES].filter((type) => !have.includes(type))).toEqual([])
  })
})

describe('malformed messages', () => {
  it.each(read('malformed'))('$name is answered with its error and never throws', ({ text }) => {
    const { message, error } = JSON.parse(text) as { message: string; error: unknown }
    expect(parseAgentMessage(message)).toEqual([{ kind: 'malformed', error }])
  })
})
