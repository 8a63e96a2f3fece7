import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Db, openDb } from './open-db.ts'
import { startTestServer, type TestServer } from './test-server.ts'

export type TestDatabase = { url: string; db: Db; drop(): Promise<void> }

let own: Promise<TestServer> | undefined

/** The server of the vitest run; a script that runs outside of one gets its own, which `stopTestServer` ends. */
const findServer = async (): Promise<Pick<TestServer, 'url' | 'template'>> => {
  const shared = process.env.TOWLINE_TEST_SERVER
  if (shared) return JSON.parse(shared) as { url: string; template: string }
  own ??= startTestServer()
  return await own
}

export const stopTestServer = async (): Promise<void> => {
  const server = await own
  own = undefined
  await server?.stop()
}

const runOnServer = async (url: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

/** A migrated database of a test's own, cloned from the template in a few tens of milliseconds. Drop it in afterAll. */
export const createTestDatabase = async ({ maxConnections = 8 } = {}): Promise<TestDatabase> => {
  const server = await findServer()
  const name = `test_${randomBytes(6).toString('hex')}`
  await runOnServer(server.url, `CREATE DATABASE ${name} TEMPLATE ${server.template}`)
  const address = new URL(server.url)
  address.pathname = `/${name}`
  const url = address.toString()
  const db = openDb({ url, applicationName: 'test', maxConnections })
  return {
    url,
    db,
    drop: async () => {
      await db.close()
      await runOnServer(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}
