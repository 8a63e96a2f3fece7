import { describe, expect, it } from 'vitest'
import { holdersCommand, setCommand } from './limit-command.ts'

describe('the commands of limits', () => {
  it('name a tag by itself, and everything else with its kind', () => {
    expect(holdersCommand({ kind: 'tag', name: 'payments-api' })).toBe('towline limits holders payments-api')
    expect(holdersCommand({ kind: 'queue', name: 'eu/fast' })).toBe('towline limits holders queue:eu/fast')
    expect(holdersCommand({ kind: 'tag', name: 'pool:eu' })).toBe('towline limits holders tag:pool:eu')
    expect(holdersCommand({ kind: 'tag', name: "it's here" })).toBe(`towline limits holders 'it'\\''s here'`)
  })

  it('say the bounds as the CLI takes them', () => {
    const api = { kind: 'tag', name: 'api' } as const
    expect(setCommand(api, { slots: 0, rate: null })).toBe('towline limits set api 0')
    expect(setCommand(api, { slots: null, rate: { count: 10, windowSeconds: 7200 } })).toBe(
      'towline limits set api --slots none --rate 10/2h',
    )
    expect(setCommand(api, { slots: 2, rate: { count: 1, windowSeconds: 90 } })).toBe('towline limits set api 2 --rate 1/90s')
  })
})
