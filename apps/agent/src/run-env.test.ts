import { describe, expect, it } from 'vitest'
import { runApiAddress, runEnv } from './run-env.ts'
import { specOf } from './testing/fake-gateway.ts'

const reach = { token: 'tlr_x', runApiUrl: 'http://127.0.0.1:7601', poolType: 'docker' as const }
const urlOf = (more: object, variables: object = {}): string | undefined =>
  runEnv(specOf('', { variables }), { ...reach, ...more }).TOWLINE_API_URL

describe('the environment of a run', () => {
  it('has what the deployment set, and nobody can pass for the SDK', () => {
    const spec = specOf('', {
      parameters: { a: [1, 'ü'] },
      variables: { env: { REGION: 'eu', TOWLINE_RUN_TOKEN: 'mine', TOWLINE_REUSE: '1' } },
    })
    expect(runEnv(spec, reach)).toMatchObject({
      REGION: 'eu',
      TOWLINE_RUN_TOKEN: 'tlr_x',
      TOWLINE_RUN_ID: spec.runId,
      TOWLINE_PARAMETERS: '{"a":[1,"ü"]}',
      TOWLINE_REUSE: '0',
    })
    expect(runEnv({ ...spec, reuse: true }, reach).TOWLINE_REUSE).toBe('1')
  })

  it('a gateway that calls itself localhost is reached as the agent reaches it', () => {
    expect(runApiAddress('http://localhost:7601', 'http://host.docker.internal:7601')).toBe('http://host.docker.internal:7601')
    expect(runApiAddress('http://127.0.0.1:7601', 'https://gw.example.com')).toBe('https://gw.example.com')
    expect(runApiAddress('http://localhost:7601', 'http://127.0.0.1:7601')).toBe('http://localhost:7601')
    expect(runApiAddress('https://runs.example.com', 'http://gateway:7601')).toBe('https://runs.example.com')
    expect(runApiAddress(undefined, 'http://gateway:7601')).toBe('http://gateway:7601')
  })

  it('a gateway on the same machine is reachable from a container', () => {
    expect(urlOf({})).toBe('http://host.docker.internal:7601')
    expect(urlOf({ runApiUrl: 'http://localhost:7601' })).toBe('http://host.docker.internal:7601')
    expect(urlOf({}, { network: 'host' })).toBe('http://127.0.0.1:7601')
    expect(urlOf({ poolType: 'process' })).toBe('http://127.0.0.1:7601')
    expect(urlOf({ runApiUrl: 'https://gw.example.com/base' })).toBe('https://gw.example.com/base')
  })
})
