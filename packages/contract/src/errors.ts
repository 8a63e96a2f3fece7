/**
 * Every operating failure that crosses a process has one of these codes.
 * `http` is the status of the HTTP doors; tRPC derives its own code from it. The texts say what to do next.
 */
export const ERROR_CODES = {
  invalid_input: { http: 400, text: 'The input is not valid.' },
  invalid_parameters: { http: 400, text: 'The parameters do not match the schema of the deployment.' },
  unauthenticated: { http: 401, text: 'Sign in or send a valid key.' },
  key_revoked: { http: 401, text: 'This key was revoked. Create a new one in Settings.' },
  key_expired: { http: 401, text: 'This key has expired. Create a new one in Settings.' },
  forbidden: { http: 403, text: 'Your role does not allow this.' },
  not_found: { http: 404, text: 'There is nothing with that name or id in this workspace.' },
  conflict: { http: 409, text: 'The state of the object does not allow this now.' },
  already_exists: { http: 409, text: 'Something with that name exists already.' },
  stale_attempt: { http: 409, text: 'This attempt has been replaced or has ended; it must stop.' },
  payload_too_large: { http: 413, text: 'The value is too large.' },
  rate_limited: { http: 429, text: 'Too many requests. Try again later.' },
  unsupported_version: { http: 426, text: 'This protocol version is not supported. Upgrade the agent.' },
  internal: { http: 500, text: 'The control plane could not do this.' },
  unavailable: { http: 503, text: 'The control plane cannot reach its database now. Try again in a moment.' },
} as const

export type ErrorCode = keyof typeof ERROR_CODES
