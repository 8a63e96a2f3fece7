import type { httpErrorSchema } from '@towline/contract/run-api'
import type { z } from 'zod'
import { CliError, EXIT } from '../cli-error.ts'
import { unreachable } from '../client.ts'
import type { Session } from '../config.ts'
import type { Bundle } from './bundle-flow.ts'

const TIMEOUT_MS = 120_000

/** Stores the code under its hash. The same code again is fine. */
export const uploadBundle = async ({ url, key }: Session, { code, sha256 }: Bundle): Promise<void> => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'text/javascript', 'x-towline-client': 'cli' }
  const body = new Blob([new Uint8Array(code)])
  const response = await fetch(`${url}/api/bundles/${sha256}`, {
    method: 'PUT',
    headers,
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw unreachable(url, cause)
  })
  if (response.ok) return
  const answer = (await response.json().catch(() => null)) as Partial<z.infer<typeof httpErrorSchema>> | null
  const exit = response.status === 401 ? EXIT.signedOut : EXIT.failed
  throw new CliError(`the bundle was refused: ${answer?.error?.message ?? `status ${response.status}`}`, {
    exit,
    remedy: exit === EXIT.signedOut ? 'towline login' : null,
  })
}
