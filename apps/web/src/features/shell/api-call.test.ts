import { expect, it } from 'vitest'
import { curlCommand } from './api-call.ts'

it('a page as a call of the API, quoted for a shell', () => {
  expect(curlCommand('https://towline.example', { procedure: 'pools.list' })).toBe(
    'curl -fsSG https://towline.example/api/trpc/pools.list -H "authorization: Bearer $TOWLINE_API_KEY"',
  )
  expect(curlCommand('http://localhost:7600', { procedure: 'runs.list', input: { filter: { search: "it's" }, limit: 50 } })).toBe(
    `curl -fsSG http://localhost:7600/api/trpc/runs.list --data-urlencode 'input={"json":{"filter":{"search":"it'\\''s"},"limit":50}}' -H "authorization: Bearer $TOWLINE_API_KEY"`,
  )
})
