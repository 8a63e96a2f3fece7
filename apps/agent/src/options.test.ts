import { mkdtempSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

describe('options', () => {
  it('flags win over the environment, and the rest has defaults', () => {
    const env = { TOWLINE_GATEWAY_URL: 'wss://gw.example.com/', TOWLINE_AGENT_KEY: 'tla_env', TOWLINE_AGENT_NAME: 'env', HOME: '/home/x' }
    expect(readOptions(['--name', 'flag', '--data-dir', '/tmp/x'], env)).toEqual({
      url: 'https://gw.example.com',
      key: 'tla_env',
      name: 'flag',
      capacity: 2 * cpus().length,
      dataDir: '/tmp/x',
      healthPort: null,
      runApiUrl: null,
    })
  })

  it('the key may come from a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'towline-key-')), 'key')
    writeFileSync(file, 'tla_filed\n')
    expect(readOptions(['--url', 'http://x', '--key-file', file], {})).toMatchObject({ key: 'tla_filed' })
  })

  it('every problem comes at once, by name, and a key is never repeated', () => {
    expect(() => readOptions(['--capacity', 'many'], { TOWLINE_AGENT_KEY: 'hunter2' })).toThrow(
      /--url \(or TOWLINE_GATEWAY_URL\) is missing\n--key: .*\n--capacity: /,
    )
    expect(() => readOptions([], { TOWLINE_AGENT_KEY: 'hunter2' })).not.toThrow(/hunter2/)
    expect(() => readOptions(['--colour'], {})).toThrow('--help')
  })
})
