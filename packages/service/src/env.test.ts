import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readEnv } from './env.ts'

const schema = z.object({
  TOWLINE_SECRET: z.string().min(32, 'has at least 32 characters'),
  TOWLINE_PORT: z.coerce.number().int().default(7600),
})

describe('readEnv', () => {
  it('parses what is there and fills in the rest; empty is absent; strangers are ignored', () => {
    expect(readEnv(schema, { TOWLINE_SECRET: 'x'.repeat(32), TOWLINE_PORT: '', OTHER: 'y' })).toEqual({
      TOWLINE_SECRET: 'x'.repeat(32),
      TOWLINE_PORT: 7600,
    })
  })

  it('names every variable that is wrong in one line, and repeats no value', () => {
    const read = () => readEnv(schema, { TOWLINE_SECRET: 'hunter2', TOWLINE_PORT: 'abc' })
    expect(read).toThrow(/^Bad environment: TOWLINE_SECRET: has at least 32 characters; TOWLINE_PORT: [^\n]+$/)
    expect(read).not.toThrow(/hunter2/)
    expect(() => readEnv(schema, {})).toThrow('Bad environment: TOWLINE_SECRET is not set')
  })
})
