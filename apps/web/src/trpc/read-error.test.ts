import { describe, expect, it } from 'vitest'
import { readError } from './read-error.ts'

describe('errors of calls', () => {
  it('read as the server says them, with the id to quote', () => {
    const error = Object.assign(new Error('x'), { data: { towline: { code: 'conflict', message: 'The run has ended.', id: 'req_1' } } })
    expect(readError(error)).toEqual({ code: 'conflict', message: 'The run has ended.', id: 'req_1' })
  })

  it('name the connection when no answer came', () => {
    expect(readError(new TypeError('Failed to fetch')).code).toBe('unavailable')
  })
})
