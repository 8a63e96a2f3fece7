import type pg from 'pg'
import type { Db } from './open-db.ts'

export type Tx = pg.ClientBase

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const transaction = async <T>(pool: pg.Pool, begin: string, fn: (tx: Tx) => Promise<T>): Promise<T> => {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query(begin)
    const result = await fn(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    // A connection that cannot even roll back is thrown away, never handed to the next caller.
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** For what crosses tenants: loops, the agents' door, sign-in. READ COMMITTED. Whatever is thrown rolls back. */
export const engineTransaction = <T>(db: Db, fn: (tx: Tx) => Promise<T>): Promise<T> => transaction(db.enginePool, 'BEGIN', fn)

/** For one workspace: row-level security shows and takes its rows only. The workspace is set together with BEGIN: no extra round trip. */
export const tenantTransaction = async <T>(db: Db, workspaceId: string, fn: (tx: Tx) => Promise<T>): Promise<T> => {
  if (!uuid.test(workspaceId)) throw new TypeError('A workspace id is a UUID')
  return await transaction(db.apiPool, `BEGIN; SET LOCAL towline.workspace_id = '${workspaceId}'`, fn)
}
