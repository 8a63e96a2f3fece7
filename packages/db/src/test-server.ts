import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { isOwned, takeOver } from './embedded/take-over.ts'
import { type Embedded, startEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'

export type TestServer = {
  /** Superuser's address of the maintenance database. */
  url: string
  /** A migrated database that tests clone. */
  template: string
  stop(): Promise<void>
}

const prefix = 'towline-test-pg-'
const quiet = { info: () => {}, debug: () => {}, warn: () => {} }

/** Servers whose test run was killed. One whose run is alive is left alone. */
const sweep = async (): Promise<void> => {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix))
  for (const root of names.map((name) => join(tmpdir(), name))) {
    if (await isOwned(root)) continue
    await takeOver({ root, pgdata: join(root, 'postgres'), password: '' })
      .then(() => rm(root, { recursive: true, force: true }))
      .catch(() => undefined)
  }
}

const withDatabase = (url: string, database: string): string => {
  const address = new URL(url)
  address.pathname = `/${database}`
  return address.toString()
}

const makeTemplate = async (url: string): Promise<string> => {
  const template = `towline_template_${process.pid}_${Date.now().toString(36)}`
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${template}`)
  } finally {
    await client.end()
  }
  await migrate(withDatabase(url, template))
  return template
}

const dropTemplate = async (url: string, template: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`).finally(() => client.end())
}

/** TOWLINE_TEST_DATABASE_URL (a superuser's) when it is set, else an embedded server that forgets everything at its end. */
export const startTestServer = async (given = process.env.TOWLINE_TEST_DATABASE_URL): Promise<TestServer> => {
  if (given) {
    const template = await makeTemplate(given)
    return { url: given, template, stop: () => dropTemplate(given, template) }
  }
  await sweep()
  const dataDir = await mkdtemp(join(tmpdir(), prefix))
  const server: Embedded = await startEmbedded({ dataDir, profile: 'fast', maxConnections: 200, database: 'postgres', log: quiet })
  const template = await makeTemplate(server.url)
  return {
    url: server.url,
    template,
    stop: async () => {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
