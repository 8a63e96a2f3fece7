import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Embedded, startEmbedded } from '@towline/db/embedded'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { freePorts } from '../support/free-ports.ts'
import { startLocalStack } from '../support/local-stack.ts'

let folder: string
let server: Embedded

/** Somebody's own PostgreSQL, on a cluster of its own because roles belong to a whole cluster. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'towline-external-'))
  chmodSync(folder, 0o755)
  const log = { info: () => {}, debug: () => {}, warn: () => {} }
  server = await startEmbedded({ dataDir: folder, profile: 'fast', maxConnections: 100, database: 'postgres', log })
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query("CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'p@ss:w/rd'")
  await client.query("CREATE ROLE powerless LOGIN PASSWORD 'pw'")
  await client.query('CREATE DATABASE theirs OWNER owner')
  await client.query('CREATE DATABASE bare OWNER powerless')
  await client.end()
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const SECRET = 'not-for-the-screen'

const urlOf = (change: Partial<Record<'username' | 'password' | 'pathname' | 'port', string>>): string =>
  Object.assign(new URL(server.url), change).toString()

const refusal = async (url: string): Promise<string[]> => {
  const stack = await startLocalStack({ env: { TOWLINE_DATABASE_URL: url } })
  onTestFinished(() => stack.dispose())
  expect(await stack.exited).toBe(1)
  return stack
    .output()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('✓'))
}

describe('npm start on a PostgreSQL of one’s own', () => {
  // First, while the cluster has none of the roles.
  test('a user that may not create roles is told what an administrator has to run', async () => {
    expect(await refusal(urlOf({ username: 'powerless', password: 'pw', pathname: '/bare' }))).toEqual([
      expect.stringMatching(/^✗ .*The database user powerless may not create roles\. As an administrator run: CREATE ROLE towline_api .*$/),
    ])
  })

  test('an owner who is no superuser gets a completed first run, and the server outlives the stop', async () => {
    const url = urlOf({ username: 'owner', password: 'p%40ss%3Aw%2Frd', pathname: '/theirs' })
    const stack = await startLocalStack({ env: { TOWLINE_DATABASE_URL: url } })
    onTestFinished(() => stack.dispose())
    await stack.says(/✓ database .*external/)
    await stack.says(/first run completed/)
    expect(await stack.stop()).toBe(0)
    const client = new pg.Client({ connectionString: server.url.replace(/\/[^/]*$/, '/theirs') })
    await client.connect()
    const { rows } = await client.query("SELECT count(*) > 0 AS there FROM run WHERE state_type = 'COMPLETED'")
    await client.end()
    expect(rows).toEqual([{ there: true }])
  })

  test.each([
    [
      'nobody listens there',
      async () => urlOf({ password: SECRET, port: String(await freePorts(1)) }),
      /cannot be reached: .*ECONNREFUSED/,
    ],
    ['a wrong password', async () => urlOf({ username: 'owner', password: SECRET }), /password authentication failed/],
    ['no such database', async () => urlOf({ pathname: '/nowhere' }), /"nowhere" does not exist/],
    ['no such host', async () => `postgres://u:${SECRET}@no-such-host.invalid/db`, /cannot be reached: .*no-such-host\.invalid/],
    ['no address', async () => SECRET, /not the address of a PostgreSQL: write postgres:\/\/user:password@host:5432\/database/],
    ['a password that is not encoded', async () => `postgres://u:${SECRET}/7@127.0.0.1:5432/db`, /in a password as %40 %3A %2F %23/],
    ['another kind of server', async () => `mysql://u:${SECRET}@127.0.0.1:3306/db`, /not the address of a PostgreSQL/],
  ])('%s is one clear line, and does not show the password', async (_, url, says) => {
    const [line = '', ...more] = await refusal(await url())
    expect(more).toEqual([])
    expect(line).toMatch(/^✗ The database of TOWLINE_DATABASE_URL cannot be used: /)
    expect(line).toMatch(says)
    expect(line).not.toContain(SECRET)
  })
})
