import { createHash, randomBytes } from 'node:crypto'

export type NewSecret = { secret: string; prefix: string; hash: Uint8Array<ArrayBuffer> }

/** Person's keys and agents' keys are told apart at a glance, and by scanners for leaked secrets. */
export const KEY_PREFIXES = { user: 'tlk_', agent: 'tla_' } as const

export const hashSecret = (secret: string): Uint8Array<ArrayBuffer> => new Uint8Array(createHash('sha256').update(secret).digest())

/** 256 random bits. Only the hash is stored; the secret is seen once. */
export const newSecret = (kind: keyof typeof KEY_PREFIXES): NewSecret => {
  const secret = KEY_PREFIXES[kind] + randomBytes(32).toString('base64url')
  return { secret, prefix: secret.slice(0, 10), hash: hashSecret(secret) }
}
