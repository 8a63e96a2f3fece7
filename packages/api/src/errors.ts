import { randomBytes } from 'node:crypto'
import { isAppError } from '@towline/contract/app-error'
import { ERROR_CODES, type ErrorCode } from '@towline/contract/errors'
import { isUnavailable } from '@towline/engine/unavailable'
import { TRPCError } from '@trpc/server'
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc'
import { ZodError, z } from 'zod'

/** What a caller is shown of an error: never a stack, always the id that our log knows it by. */
export type PublicError = { code: ErrorCode; message: string; id: string }

export const newRequestId = (): string => `req_${randomBytes(9).toString('base64url')}`

/** The one map from our codes to those of tRPC. The HTTP status comes from ERROR_CODES. */
export const TRPC_CODES = {
  invalid_input: 'BAD_REQUEST',
  invalid_parameters: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  key_revoked: 'UNAUTHORIZED',
  key_expired: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  already_exists: 'CONFLICT',
  stale_attempt: 'CONFLICT',
  payload_too_large: 'PAYLOAD_TOO_LARGE',
  rate_limited: 'TOO_MANY_REQUESTS',
  unsupported_version: 'PRECONDITION_FAILED',
  internal: 'INTERNAL_SERVER_ERROR',
  unavailable: 'SERVICE_UNAVAILABLE',
} as const satisfies Record<ErrorCode, TRPC_ERROR_CODE_KEY>

/** Refusals that tRPC itself makes, before a procedure runs. */
const OWN_REFUSALS: Partial<Record<TRPC_ERROR_CODE_KEY, ErrorCode>> = {
  BAD_REQUEST: 'invalid_input',
  PARSE_ERROR: 'invalid_input',
  METHOD_NOT_SUPPORTED: 'invalid_input',
  UNSUPPORTED_MEDIA_TYPE: 'invalid_input',
  NOT_FOUND: 'not_found',
  PAYLOAD_TOO_LARGE: 'payload_too_large',
}

export const describeError = (error: unknown, id: string): PublicError => {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (isAppError(cause)) return { code: cause.code, message: cause.message, id }
    if (cause instanceof ZodError) return { code: 'invalid_input', message: readable(cause), id }
    if (isUnavailable(cause)) return { code: 'unavailable', message: ERROR_CODES.unavailable.text, id }
  }
  if (error instanceof TRPCError) {
    const code = OWN_REFUSALS[error.code]
    if (code !== undefined) return { code, message: error.code === 'PAYLOAD_TOO_LARGE' ? ERROR_CODES[code].text : error.message, id }
  }
  return { code: 'internal', message: `${ERROR_CODES.internal.text} Quote ${id} when you ask about it.`, id }
}

/** `parameters.size: expected number, received string` for each place that is wrong. */
const readable = (error: ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => (issue.path.length === 0 ? issue.message : `${z.core.toDotPath(issue.path)}: ${issue.message}`))
    .join('; ')
