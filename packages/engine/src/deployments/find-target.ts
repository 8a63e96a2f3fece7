import { AppError } from '@towline/contract/app-error'
import type { Manifest } from '@towline/contract/manifest'
import type { PoolType } from '@towline/contract/run-spec'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import text from './sql/find-target.sql'

type Row = { pool_id: string; pool_type: PoolType; queue_id: string | null; queue_names: string[]; bundle_exists: boolean }
export type Target = { poolId: string; poolType: PoolType; queueId: string; bundleExists: boolean }

const find = statement('find-target', text)

/** Where the runs of a manifest would go. Its errors name the command that makes what is missing. */
export const findTarget = async (tx: Tx, { workspaceId, manifest }: { workspaceId: string; manifest: Manifest }): Promise<Target> => {
  const sha256 = manifest.code.kind === 'bundle' ? manifest.code.sha256 : null
  const { rows } = await tx.query<Row>({ ...find, values: [workspaceId, manifest.pool, manifest.queue, sha256] })
  const row = rows[0]
  if (row === undefined) {
    const type = manifest.code.kind === 'image' ? 'docker' : 'process'
    throw new AppError(
      'not_found',
      `There is no work pool ${manifest.pool}. Create it: towline pools create ${manifest.pool} --type ${type}`,
    )
  }
  if (row.queue_id === null) {
    throw new AppError(
      'not_found',
      `The work pool ${manifest.pool} has no queue ${manifest.queue}. It has: ${row.queue_names.join(', ')}. Create it: towline queues create ${manifest.queue} --pool ${manifest.pool}`,
    )
  }
  return { poolId: row.pool_id, poolType: row.pool_type, queueId: row.queue_id, bundleExists: row.bundle_exists }
}
