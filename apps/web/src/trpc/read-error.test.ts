import { describe, expect, it } from 'vitest'
import { fieldErrors, readError } from './read-error.ts'

describe('errors of calls', () => {
  it('read as the server says them, with the id to quote', () => {
    const error = Object.assign(new Error('x'), { data: { towline: { code: 'conflict', message: 'The run has ended.', id: 'req_1' } } })
    expect(readError(error)).toEqual({ code: 'conflict', message: 'The run has ended.', id: 'req_1' })
  })

  it('name the connection when no answer came', () => {
    expect(readError(new TypeError('Failed to fetch')).code).toBe('unavailable')
  })

  it('are shown at the fields that they name', () => {
    expect([...fieldErrors('parameters.size: expected number, received string; parameters.list[0].name: required')]).toEqual([
      ['parameters.size', 'expected number, received string'],
      ['parameters.list[0].name', 'required'],
    ])
    expect(fieldErrors('The deployment is paused.').size).toBe(0)
  })
})
