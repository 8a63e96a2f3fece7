import { describe, expect, it } from 'vitest'
import { runCommand } from './run-command.ts'

describe('runCommand', () => {
  it('gives every parameter, quoted for a shell', () => {
    expect(runCommand({ deployment: { name: 'etl' }, parameters: { region: 'eu', note: "it's", list: [1, 2], n: 3 } })).toBe(
      "towline run etl -p region=eu -p 'note=it'\\''s' -p 'list=[1,2]' -p n=3 --watch",
    )
  })
})
