import { createHash } from 'node:crypto'
import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { MAX_BUNDLE_BYTES } from './max-bundle-bytes.ts'
import text from './sql/store-bundle.sql'

type Input = { workspaceId: string; sha256: string; content: Buffer }

const store = statement('store-bundle', text)

/** Stores code by its content. What arrives must be what was announced; the same content again changes nothing. */
export const storeBundle = async (ctx: EngineContext, { workspaceId, sha256, content }: Input): Promise<{ created: boolean }> => {
  if (content.length === 0) throw new AppError('invalid_input', 'The bundle is empty.')
  if (content.length > MAX_BUNDLE_BYTES) throw new AppError('payload_too_large')
  const actual = createHash('sha256').update(content).digest('hex')
  if (actual !== sha256)
    throw new AppError('invalid_input', `The content has the SHA-256 ${actual}, not ${sha256}: it was changed on its way.`)
  const { rowCount } = await tenantTransaction(ctx.db, workspaceId, (tx) =>
    tx.query({ ...store, values: [workspaceId, sha256, content.length, content, ctx.clock.now()] }),
  )
  return { created: rowCount === 1 }
}
