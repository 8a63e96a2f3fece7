import type { QueueView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import { COUNT_CAP } from '../pools/presence.ts'
import text from './sql/list-queues.sql'

const list = statement('list-queues', text)

/** One queue of a pool or all of them, in the order in which they are served. */
export const readQueues = async (
  tx: Tx,
  { workspaceId, poolId, name }: { workspaceId: string; poolId: string; name: string | null },
): Promise<QueueView[]> => (await tx.query<QueueView>({ ...list, values: [workspaceId, poolId, name, COUNT_CAP] })).rows
