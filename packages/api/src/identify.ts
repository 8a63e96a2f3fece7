import { AppError } from '@towline/contract/app-error'
import type { EngineContext } from '@towline/engine/context'
import { authenticateKey } from '@towline/engine/keys/authenticate-key'
import { getUser } from '@towline/engine/people/get-user'
import type { Caller } from './caller.ts'

/** Says whose signed session a Cookie header carries, or null. The web server knows how its sessions are sealed. */
export type ReadSession = (cookieHeader: string) => Promise<{ userId: string } | null>

type Headers = { authorization?: string | undefined; cookie?: string | undefined }

/** A Bearer key comes first: whoever sends one means it, whatever cookies travel along. */
export const identify = async (engine: EngineContext, headers: Headers, readSession: ReadSession): Promise<Caller> => {
  if (headers.authorization !== undefined) {
    const [scheme, secret] = headers.authorization.trim().split(/\s+/, 2)
    if (scheme?.toLowerCase() !== 'bearer' || secret === undefined)
      throw new AppError('unauthenticated', 'Send the key as `Authorization: Bearer tlk_…`.')
    return { kind: 'key', ...(await authenticateKey(engine, { secret })) }
  }
  if (headers.cookie === undefined) return { kind: 'nobody' }
  const session = await readSession(headers.cookie)
  if (session === null) return { kind: 'nobody' }
  const user = await getUser(engine, { id: session.userId })
  return user === null ? { kind: 'nobody' } : { kind: 'session', user }
}
