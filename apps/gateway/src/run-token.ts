import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AttemptRef } from '@towline/contract/frames'

export type RunTokenClaims = AttemptRef & { workspaceId: string }

export type RunTokens = {
  sign(claims: RunTokenClaims): string
  /** Null when it is not one of ours. Whether the attempt still lives is the engine's to say. */
  verify(token: string): RunTokenClaims | null
}

const PREFIX = 'tlr_'
const ID_BYTES = 16
const CLAIM_BYTES = 2 * ID_BYTES + 4
const MAC_BYTES = 32

const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex')
const idText = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** `tlr_` + base64url(workspace, run, attempt, HMAC-SHA256): 96 characters, checked without a look into the database. */
export const createRunTokens = (secret: string): RunTokens => {
  // The secret signs other things elsewhere: a key of its own keeps one kind of signature from passing for another.
  const key = createHmac('sha256', secret).update('towline run token v1').digest()
  const mac = (claims: Buffer): Buffer => createHmac('sha256', key).update(claims).digest()
  return {
    sign: ({ workspaceId, runId, attempt }) => {
      const number = Buffer.alloc(4)
      number.writeUInt32BE(attempt)
      const claims = Buffer.concat([idBytes(workspaceId), idBytes(runId), number])
      return PREFIX + Buffer.concat([claims, mac(claims)]).toString('base64url')
    },
    verify: (token) => {
      if (!token.startsWith(PREFIX) || token.length > 200) return null
      const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url')
      if (bytes.length !== CLAIM_BYTES + MAC_BYTES) return null
      const claims = bytes.subarray(0, CLAIM_BYTES)
      if (!timingSafeEqual(mac(claims), bytes.subarray(CLAIM_BYTES))) return null
      return {
        workspaceId: idText(claims.subarray(0, ID_BYTES)),
        runId: idText(claims.subarray(ID_BYTES, 2 * ID_BYTES)),
        attempt: claims.readUInt32BE(2 * ID_BYTES),
      }
    },
  }
}
