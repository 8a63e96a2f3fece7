import { existsSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { connect } from '../client.ts'
import { configDirectory, writePrivate } from '../config.ts'
import { findPool } from '../find-pool.ts'

/** One name for a pool of one control plane, in file names. */
const poolFileName = (url: string, pool: string): string => `${new URL(url).host}-${pool}`.replaceAll(/[^\w.-]/g, '_')

/** An agent keeps who it is and what it runs on disk: agents of two pools need two folders. */
export const agentDataDirectory = (url: string, pool: string): string =>
  join(process.env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'towline', `agent-${poolFileName(url, pool)}`)

/** A file with a key of the pool, made with the rights of whoever is signed in, and kept for the next start. */
export const agentKeyFile = async (poolName: string): Promise<{ path: string; created: boolean }> => {
  const { api, session } = connect()
  const { name: pool } = await findPool(api, poolName, 'towline agent start --pool')
  const path = join(configDirectory(), 'agents', `${poolFileName(session.url, pool)}.key`)
  const known = existsSync(path) && (await stillValid(api, path, pool))
  if (known) return { path, created: false }
  const key = await api.keys.create.mutate({ kind: 'agent', name: `agent on ${hostname()}`.slice(0, 80), pool })
  writePrivate(path, `${key.secret}\n`)
  return { path, created: true }
}

const stillValid = async (api: ReturnType<typeof connect>['api'], path: string, pool: string): Promise<boolean> => {
  const { readFile } = await import('node:fs/promises')
  const secret = (await readFile(path, 'utf8')).trim()
  const keys = await api.keys.list.query()
  return keys.some(
    (key) => key.poolName === pool && !key.revokedAt && (!key.expiresAt || key.expiresAt > new Date()) && secret.startsWith(key.prefix),
  )
}
