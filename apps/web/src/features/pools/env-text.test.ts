import { describe, expect, it } from 'vitest'
import { envToText, textToEnv } from './env-text.ts'

describe('environment as text', () => {
  it('survives the way there and back', () => {
    const env = { A: '1', B_C: 'x=y z', EMPTY: '' }
    expect(textToEnv(envToText(env))).toEqual({ env, error: null })
  })

  it('skips comments and empty lines, and names the line that is wrong', () => {
    expect(textToEnv('# note\n\nA=1').env).toEqual({ A: '1' })
    expect(textToEnv('A=1\nnot a pair').error).toBe('Line 2 is not NAME=value.')
  })
})
