/**
 * Why a socket between agent and gateway was closed. One table for both sides: a terminal reason means that
 * connecting again cannot help until a person acts; a retryable one means reconnect with jitter.
 */
export const CLOSE_REASONS = {
  invalid_key: { code: 4401, retry: false, text: 'The agent key is unknown. Create one on the page of the pool.' },
  key_revoked: { code: 4402, retry: false, text: 'The agent key was revoked.' },
  key_expired: { code: 4403, retry: false, text: 'The agent key has expired. Create a new one on the page of the pool.' },
  pool_deleted: { code: 4404, retry: false, text: 'The work pool of this agent was deleted.' },
  pool_type_mismatch: { code: 4406, retry: false, text: 'The agent cannot launch runs of this type of pool.' },
  unsupported_version: { code: 4426, retry: false, text: 'The gateway does not speak this protocol version. Upgrade the agent.' },
  hello_timeout: { code: 4408, retry: true, text: 'No hello arrived in time.' },
  replaced: { code: 4409, retry: true, text: 'The same agent opened a newer connection.' },
  heartbeat_timeout: { code: 4410, retry: true, text: 'No heartbeat arrived for four intervals.' },
  too_large: { code: 4413, retry: true, text: 'A message was larger than 1 MiB.' },
  too_slow: { code: 4429, retry: true, text: 'The agent does not read what it is sent.' },
  going_away: { code: 4501, retry: true, text: 'The gateway is shutting down.' },
  unavailable: { code: 4503, retry: true, text: 'The gateway cannot reach its database.' },
} as const

export type CloseReason = keyof typeof CLOSE_REASONS

/** Looks a close code up; codes that are not ours (network loss, proxies) are retryable. */
export const closeReasonOf = (code: number): { reason: CloseReason | null; retry: boolean } => {
  for (const [reason, entry] of Object.entries(CLOSE_REASONS)) {
    if (entry.code === code) return { reason: reason as CloseReason, retry: entry.retry }
  }
  return { reason: null, retry: true }
}
