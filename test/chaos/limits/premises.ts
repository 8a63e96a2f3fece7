import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiHandler } from '@towline/api/http'
import { createRateLimits } from '@towline/api/rate-limits'
import { manifestSchema } from '@towline/contract/manifest'
import { createBus } from '@towline/db/bus'
import { startEmbedded } from '@towline/db/embedded'
import { migrate } from '@towline/db/migrate'
import { openDb } from '@towline/db/open-db'
import type { EngineContext } from '@towline/engine/context'
import { registerDeployment } from '@towline/engine/deployments/register-deployment'
import { createKey } from '@towline/engine/keys/create-key'
import { setLimit } from '@towline/engine/limits/set-limit'
import { createUser } from '@towline/engine/people/create-user'
import { createPool } from '@towline/engine/pools/create-pool'
import { createWorkspace } from '@towline/engine/workspaces/create-workspace'
import { systemClock } from '@towline/service/clock'
import { createLogger } from '@towline/service/logger'
import pg from 'pg'
import { root } from '../../bench/paths.ts'
import { DEPLOYMENTS, LIMITS, type Pool } from './workload.ts'

export type Premises = {
  engine: EngineContext
  workspaceId: string
  databaseUrl: string
  folder: string
  /** Of the superuser, for looking from outside and for cutting connections. */
  outside: pg.Pool
  keys: Record<Pool, string>
  /** `towline doctor --limits`, as a user of the workspace runs it. */
  doctor(): Promise<{ ok: boolean; text: string }>
  close(): Promise<void>
}

const OF = { workspaceId: '', actor: 'chaos' }

/** One PostgreSQL for all, a workspace with its deployments, and every limit that the chaos must not break. */
export const openPremises = async (): Promise<Premises> => {
  const log = createLogger('chaos', { level: 'warn' })
  const folder = await mkdtemp(join(tmpdir(), 'towline-chaos-'))
  // When this runs as root, PostgreSQL runs as another user, who must reach its folder.
  await chmod(folder, 0o755)
  const postgres = await startEmbedded({ dataDir: join(folder, 'postgres'), profile: 'fast', log })
  await migrate(postgres.url)
  const db = openDb({ url: postgres.url, applicationName: 'chaos', maxConnections: 8 })
  const engine: EngineContext = { db, bus: createBus(db, log), clock: systemClock, log }
  const outside = new pg.Pool({ connectionString: postgres.url, application_name: 'chaos-outside', max: 3 })
  outside.on('error', (error) => log.debug({ err: error }, 'A connection from outside was lost'))
  const { id: userId } = await createUser(engine, { email: 'chaos@towline.local', password: 'correct horse battery', name: 'Chaos' })
  const workspace = await createWorkspace(engine, { name: 'Chaos', slug: 'chaos', userId })
  const of = { ...OF, workspaceId: workspace.id }
  const addPool = async (name: Pool): Promise<string> => {
    await createPool(engine, { ...of, name, type: 'process' })
    return (await createKey(engine, { ...of, userId, kind: 'agent', pool: name, name, expiresInDays: null })).secret
  }
  const keys = { 'chaos-a': await addPool('chaos-a'), 'chaos-b': await addPool('chaos-b') }
  const retries = { failures: 1, crashes: 100, delaySeconds: 0.2 }
  for (const [name, { pool, tags, weights }] of Object.entries(DEPLOYMENTS)) {
    const manifest = manifestSchema.parse({ name, flow: name, pool, code: { kind: 'command', command: ['hold'] }, tags, weights, retries })
    await registerDeployment(engine, { ...of, manifest, dryRun: false })
  }
  for (const { name: _, most: __, ...limit } of LIMITS) await setLimit(engine, { ...of, ...limit })
  const userKey = await createKey(engine, { ...of, userId, kind: 'user', name: 'doctor', expiresInDays: null })
  const api = await serveApi(engine)

  return {
    engine,
    workspaceId: workspace.id,
    databaseUrl: postgres.url,
    folder,
    outside,
    keys,
    doctor: () => askDoctor(api.url, userKey.secret, folder),
    close: async () => {
      await api.close()
      await engine.bus.close()
      await outside.end()
      await db.close()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const serveApi = async (engine: EngineContext): Promise<{ url: string; close(): Promise<void> }> => {
  const answer = createApiHandler({
    engine,
    publicUrl: 'http://localhost',
    limits: createRateLimits(systemClock),
    readSession: async () => null,
    addressOf: () => '127.0.0.1',
  })
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const askDoctor = (url: string, key: string, folder: string): Promise<{ ok: boolean; text: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', TOWLINE_API_URL: url, TOWLINE_API_KEY: key }
    execFile(
      process.execPath,
      [join(root, 'apps/cli/bin/towline.mjs'), 'doctor', '--limits'],
      { env, cwd: folder },
      (error, stdout, stderr) => resolve({ ok: error === null, text: `${stdout}${stderr}`.trim() }),
    )
  })
