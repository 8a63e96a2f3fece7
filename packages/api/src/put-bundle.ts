import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '@towline/contract/app-error'
import { MAX_BUNDLE_BYTES } from '@towline/engine/bundles/max-bundle-bytes'
import { storeBundle } from '@towline/engine/bundles/store-bundle'
import type { ApiContext } from './context.ts'
import { findTenant } from './find-tenant.ts'
import { sendJson } from './send-json.ts'
import { requireRole } from './trpc.ts'

type Upload = { request: IncomingMessage; response: ServerResponse; sha256: string }

/** PUT /api/bundles/<sha256>: the code of a bundle deployment, before it is registered. The same content again is fine. */
export const putBundle = async (ctx: ApiContext, { request, response, sha256 }: Upload): Promise<void> => {
  if (request.method !== 'PUT') throw new AppError('invalid_input', 'Send a bundle with PUT.')
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new AppError('invalid_input', 'The path ends with the lower-case hex SHA-256 of the bundle.')
  const caller = await ctx.authenticate()
  if (caller.kind === 'nobody') throw new AppError('unauthenticated')
  if (caller.kind === 'session' && ctx.client === null)
    throw new AppError('forbidden', 'Changes made with a session need the header x-towline-client.')
  ctx.limits.take('caller', caller.kind === 'key' ? caller.key.id : caller.user.id)
  const tenant = await findTenant(ctx, caller)
  if (tenant === null) throw new AppError('invalid_input', 'Say which workspace you mean with the header x-towline-workspace.')
  requireRole(tenant, 'deployments.manage')
  const content = await readBody(request)
  const { created } = await storeBundle(ctx.engine, { workspaceId: tenant.id, sha256, content })
  sendJson(response, created ? 201 : 200, { sha256, sizeBytes: content.length, created })
}

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const tooLarge = () =>
    new AppError('payload_too_large', `A bundle has at most ${MAX_BUNDLE_BYTES / 1024 / 1024} MB. Leave assets out, or deploy an image.`)
  if (Number(request.headers['content-length'] ?? 0) > MAX_BUNDLE_BYTES) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BUNDLE_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
