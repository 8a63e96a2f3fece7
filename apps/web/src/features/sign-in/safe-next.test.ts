import { describe, expect, it } from 'vitest'
import { safeNext } from './safe-next.ts'

describe('the page after sign-in', () => {
  it.each([
    ['/w/acme/runs?state=failed', '/w/acme/runs?state=failed'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['javascript:alert(1)', '/'],
    [null, '/'],
  ])('%s leads to %s', (next, path) => expect(safeNext(next)).toBe(path))
})
