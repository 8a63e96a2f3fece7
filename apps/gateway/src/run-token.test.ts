import { newId } from '@towline/service/new-id'
import { describe, expect, it } from 'vitest'
import { createRunTokens } from './run-token.ts'

const claims = { workspaceId: newId(), runId: newId(), attempt: 3 }
const tokens = createRunTokens('a secret that is long enough for all of us')

describe('run tokens', () => {
  it('say which attempt they belong to', () => {
    expect(tokens.verify(tokens.sign(claims))).toEqual(claims)
  })

  it('no changed, foreign or broken token passes', () => {
    const token = tokens.sign(claims)
    for (let i = 4; i < token.length; i += 7) {
      const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1)
      expect(tokens.verify(changed)).toBeNull()
    }
    expect(createRunTokens('another secret that is long enough too').verify(token)).toBeNull()
    for (const bad of ['', 'tlr_', 'tlr_x', token.slice(0, -1), `${token}AAAA`, token.replace('tlr_', 'tla_'), 'x'.repeat(1e5)])
      expect(tokens.verify(bad)).toBeNull()
  })
})
