import { randomBytes } from 'node:crypto'
import { AppError } from '@towline/contract/app-error'
import type { EngineContext } from '@towline/engine/context'
import { createKey } from '@towline/engine/keys/create-key'
import { createUser } from '@towline/engine/people/create-user'
import { createPool } from '@towline/engine/pools/create-pool'
import { createWorkspace } from '@towline/engine/workspaces/create-workspace'
import type { Demo } from './credentials.ts'

const POOL = 'local'
const MAX_TRIES = 20

/**
 * The first start's person, workspace, pool and keys. On a database that has a demo user already (whose credentials are
 * somewhere else) the next free number is taken, so that nobody's workspace is touched.
 */
export const seedDemo = async (engine: EngineContext): Promise<Demo> => {
  const password = randomBytes(9).toString('base64url')
  for (let number = 1; number <= MAX_TRIES; number++) {
    const suffix = number === 1 ? '' : `-${number}`
    const email = `demo${suffix}@towline.local`
    try {
      const user = await createUser(engine, { email, password, name: 'Demo' })
      const workspace = await createWorkspace(engine, { name: 'Demo', slug: `demo${suffix}`, userId: user.id })
      const common = { workspaceId: workspace.id, userId: user.id, expiresInDays: null }
      await createPool(engine, {
        workspaceId: workspace.id,
        name: POOL,
        type: 'process',
        description: 'Runs flows as processes on this machine',
      })
      const userKey = await createKey(engine, { ...common, kind: 'user', name: 'npm start' })
      const agentKey = await createKey(engine, { ...common, kind: 'agent', pool: POOL, name: 'npm start' })
      return { email, password, workspace: workspace.slug, pool: POOL, userKey: userKey.secret, agentKey: agentKey.secret }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'already_exists') throw error
    }
  }
  throw new Error('This database holds many demo workspaces already. Use an empty one.')
}
