import { describe, expect, it } from 'vitest'
import { matchErrors } from './match-errors.ts'

describe('matchErrors', () => {
  it('puts each error at its field and keeps the rest', () => {
    const message =
      'parameter "size" must be number, got "x"; parameter "mail.to" is required; parameter "list.0.name" is required; unknown parameter "siz"; known: size, mail'
    const { atFields, rest } = matchErrors(message, ['size', 'mail', 'list'])
    expect([...atFields]).toEqual([
      ['size', 'Must be number, got "x".'],
      ['mail.to', 'Is required.'],
      ['list[0].name', 'Is required.'],
    ])
    expect(rest).toBe('unknown parameter "siz"; known: size, mail')
  })

  it('shows a sentence that names no field as it is', () => {
    expect(matchErrors('The deployment is paused.', ['size'])).toEqual({ atFields: new Map(), rest: 'The deployment is paused.' })
  })
})
